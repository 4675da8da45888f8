import { createHash } from 'node:crypto';

const STYLE = `:root{color-scheme:light dark;--ink:#1c2331;--soft:#5a6578;--back:#eef1f6;--card:#fff;--line:#cdd5e2;--accent:#3b4cca;--on:#fff;--bad:#b3261e}
@media (prefers-color-scheme:dark){:root{--ink:#eceff6;--soft:#aab3c4;--back:#11141b;--card:#1b202b;--line:#384155;--accent:#a9b4ff;--on:#10142e;--bad:#ffb4ab}}
*{box-sizing:border-box}body{margin:0;min-height:100vh;display:grid;grid-template-columns:minmax(0,1fr);place-items:center;background:var(--back);color:var(--ink);font:1rem/1.5 system-ui,sans-serif;padding:1rem}
main{width:min(24rem,100%);background:var(--card);border:1px solid var(--line);border-radius:1rem;padding:2rem}h1{font-size:1.4rem;margin:0 0 1rem}
label{display:block;font-weight:600;margin:1rem 0 .25rem}input{width:100%;font:inherit;padding:.65rem .75rem;border:1px solid var(--soft);border-radius:.5rem;background:var(--back);color:inherit}
button{width:100%;margin-top:1.5rem;font:inherit;font-weight:600;border:0;border-radius:.5rem;padding:.75rem;background:var(--accent);color:var(--on);cursor:pointer}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}a{color:var(--accent)}code{white-space:nowrap}.bad{color:var(--bad);font-weight:600}.note{font-size:.875rem;color:var(--soft);margin:1.25rem 0 0}
main.wide{width:min(72rem,100%)}h2{font-size:1.1rem;margin:1.75rem 0 .5rem}.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;min-width:46rem;font-size:.875rem}th,td{text-align:left;vertical-align:top;padding:.35rem .75rem .35rem 0;border-bottom:1px solid var(--line)}td code{white-space:normal;overflow-wrap:anywhere}`;
/** Without a script the page shows a button. */
const SUBMIT_SCRIPT = 'document.forms[0].submit()';

const sourceOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Text for a page: none of it is markup. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

/**
 * Headers of every page of the tenant. `form-action` is left open: Chrome applies it to the redirects after a form, which lead to
 * other sites here (w3c/webappsec-csp issue 8).
 */
export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'content-security-policy': `default-src 'none'; style-src ${sourceOf(STYLE)}; script-src ${sourceOf(SUBMIT_SCRIPT)}; base-uri 'none'; frame-ancestors 'none'`,
};

const layout = (title: string, content: string, mainClass: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body><main${mainClass}><h1>${escapeHtml(title)}</h1>${content}<p class="note">Local tenant, for development only. It stands in for Auth0.</p></main></body></html>`;

/** A page of the tenant around its content. */
export const page = (title: string, content: string): string => layout(title, content, '');

/** The same with room for tables. */
export const widePage = (title: string, content: string): string => layout(title, content, ' class="wide"');

/** What the login and sign-up pages show. */
export interface LoginForm {
  readonly state: string;
  readonly app: string;
  /** As entered before, or the app's hint. */
  readonly email: string;
  readonly name: string;
  readonly error: string | null;
  readonly hints: readonly { readonly email: string; readonly password: string }[];
}

const field = (name: string, label: string, type: string, value: string, attributes: string): string =>
  `<label for="${name}">${label}</label><input id="${name}" name="${name}" type="${type}" value="${escapeHtml(value)}" ${attributes} required>`;

const emailField = (email: string, focus: string): string =>
  field(
    'email',
    'E-mail address',
    'email',
    email,
    `autocomplete="username" autocapitalize="none" spellcheck="false"${focus}`,
  );

const problem = (error: string | null): string =>
  error === null ? '' : `<p class="bad" role="alert">${escapeHtml(error)}</p>`;

const hintsNote = (hints: LoginForm['hints']): string => {
  if (hints.length === 0) return '';
  const texts = hints.map(
    ({ email, password }) => `<code>${escapeHtml(email)}</code> with <code>${escapeHtml(password)}</code>`,
  );
  return `<p class="note">Try: ${texts.join(',<br>or ')}</p>`;
};

/** The login page: e-mail and password, with the seeded users as a hint. */
export const loginPage = ({ state, app, email, error, hints }: LoginForm): string => {
  const query = `?state=${encodeURIComponent(state)}`;
  const [first, second] = email === '' ? [' autofocus', ''] : ['', ' autofocus'];
  const fields =
    emailField(email, first) +
    field('password', 'Password', 'password', '', `autocomplete="current-password"${second}`);
  return page(
    `Log in to ${app}`,
    `${problem(error)}<form method="post" action="/u/login${query}">${fields}<button>Log in</button></form>` +
      `<p>No account yet? <a href="/u/signup${query}">Sign up</a></p>${hintsNote(hints)}`,
  );
};

/** The sign-up page. */
export const signUpPage = ({ state, app, email, name, error }: LoginForm): string => {
  const query = `?state=${encodeURIComponent(state)}`;
  const fields =
    field('name', 'Name', 'text', name, 'autocomplete="name" maxlength="100"') +
    emailField(email, '') +
    field('password', 'Password, at least 8 characters', 'password', '', 'autocomplete="new-password" minlength="8"');
  return page(
    `Sign up for ${app}`,
    `${problem(error)}<form method="post" action="/u/signup${query}">${fields}<button>Sign up</button></form>` +
      `<p>Have an account? <a href="/u/login${query}">Log in</a></p>`,
  );
};

/** The tenant's own second step: the code that an e-mail would bring. */
export const oneTimeCodePage = (state: string, email: string, error: string | null): string =>
  page(
    'Verify your identity',
    `${problem(error)}<p>At Auth0 a code would now be on its way to ${escapeHtml(email)}. Here it is on the <a href="/console" target="_blank" rel="noopener">console of the tenant</a>.</p>` +
      `<form method="post" action="/u/mfa-email-challenge?state=${encodeURIComponent(state)}">` +
      `${field('code', 'Six-digit code', 'text', '', 'autocomplete="one-time-code" inputmode="numeric" maxlength="6" autofocus')}` +
      '<button>Continue</button></form>',
  );

/**
 * Logs out immediately, as Auth0 does; the button is for browsers without script.
 * @param form oidc-provider's own form, which ends in `</form>`
 */
export const logoutPage = (form: string): string =>
  page(
    'Logging out',
    `${form.replace('</form>', '<input type="hidden" name="logout" value="yes"><button>Log out</button></form>')}<script>${SUBMIT_SCRIPT}</script>`,
  );

/** A message of the tenant itself, if there is no app to return to. */
export const errorPage = (title: string, text: string): string => page(title, `<p>${escapeHtml(text)}</p>`);
