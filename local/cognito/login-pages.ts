const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

const page = (title: string, body: string, problem: string | null): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title></head><body><main><h1>${title}</h1>${
    problem === null ? '' : `<p role="alert">${escapeHtml(problem)}</p>`
  }${body}</main></body></html>`;

const hidden = (name: string, value: string): string =>
  `<input type="hidden" name="${name}" value="${escapeHtml(value)}">`;

/** The page that asks for name and password. */
export const signInPage = (query: string, problem: string | null = null): string =>
  page(
    'Sign in',
    `<form method="post" action="/login?${escapeHtml(query)}"><label>Email <input name="username" type="email" autocomplete="username" required></label> <label>Password <input name="password" type="password" autocomplete="current-password" required></label> <button>Sign in</button></form>`,
    problem,
  );

/** What a user is asked for after the password. */
export type Challenge = 'new-password' | 'mfa-setup' | 'mfa-code';

/** The page of a challenge; `secret` is entered into the authenticator app. */
export const challengePage = (options: {
  readonly challenge: Challenge;
  readonly session: string;
  readonly secret: string;
  readonly problem: string | null;
}): string => {
  const { challenge, session, secret, problem } = options;
  const form = (inputs: string) =>
    `<form method="post" action="/challenge">${hidden('session', session)}${inputs} <button>Continue</button></form>`;
  const code = '<label>Code <input name="answer" inputmode="numeric" autocomplete="one-time-code" required></label>';
  switch (challenge) {
    case 'new-password':
      return page(
        'Change password',
        form('<label>New password <input name="answer" type="password" autocomplete="new-password" required></label>'),
        problem,
      );
    case 'mfa-setup':
      return page(
        'Set up an authenticator app',
        `<p>Secret key: <code>${escapeHtml(secret)}</code></p>${form(code)}`,
        problem,
      );
    case 'mfa-code':
      return page('Enter the code of your authenticator app', form(code), problem);
  }
};
