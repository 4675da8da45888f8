import { createHash } from 'node:crypto';

const STYLE = `:root{color-scheme:light dark;--ink:#1c2331;--soft:#5a6578;--back:#eef1f6;--card:#fff;--line:#cdd5e2;--accent:#3b4cca;--on:#fff;--bad:#b3261e}
@media (prefers-color-scheme:dark){:root{--ink:#eceff6;--soft:#aab3c4;--back:#11141b;--card:#1b202b;--line:#384155;--accent:#a9b4ff;--on:#10142e;--bad:#ffb4ab}}
*{box-sizing:border-box}body{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--back);color:var(--ink);font:1rem/1.5 system-ui,sans-serif;padding:1rem}
main{width:min(24rem,100%);background:var(--card);border:1px solid var(--line);border-radius:1rem;padding:2rem}h1{font-size:1.4rem;margin:0 0 1rem}
label{display:block;font-weight:600;margin:1rem 0 .25rem}input{width:100%;font:inherit;padding:.65rem .75rem;border:1px solid var(--soft);border-radius:.5rem;background:var(--back);color:inherit}
button{width:100%;margin-top:1.5rem;font:inherit;font-weight:600;border:0;border-radius:.5rem;padding:.75rem;background:var(--accent);color:var(--on);cursor:pointer}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}a{color:var(--accent)}.bad{color:var(--bad);font-weight:600}.note{font-size:.875rem;color:var(--soft);margin:1.25rem 0 0}`;

/** Text as HTML text or attribute value. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

/** Headers of every page of the tenant; forms post to the tenant and are redirected on, so `form-action` stays open. */
export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; frame-ancestors 'none'`,
};

const page = (title: string, content: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body><main><h1>${escapeHtml(title)}</h1>${content}<p class="note">Local tenant, for development only. It stands in for Auth0.</p></main></body></html>`;

export interface LoginForm {
  readonly state: string;
  readonly app: string;
  readonly email: string;
  readonly name: string;
  readonly error: string | null;
  readonly hints: readonly { readonly email: string; readonly password: string }[];
}

const field = (name: string, label: string, type: string, value: string, autocomplete: string): string =>
  `<label for="${name}">${label}</label><input id="${name}" name="${name}" type="${type}" value="${escapeHtml(value)}" autocomplete="${autocomplete}" required>`;

const problem = (error: string | null): string =>
  error === null ? '' : `<p class="bad" role="alert">${escapeHtml(error)}</p>`;

/** The login page: e-mail and password, seeded users as a hint. */
export const loginPage = ({ state, app, email, error, hints }: LoginForm): string =>
  page(
    `Log in to ${app}`,
    `${problem(error)}<form method="post" action="/u/login?state=${encodeURIComponent(state)}">${field('email', 'E-mail address', 'email', email, 'username')}${field('password', 'Password', 'password', '', 'current-password')}<button>Log in</button></form>` +
      `<p>No account yet? <a href="/u/signup?state=${encodeURIComponent(state)}">Sign up</a></p>` +
      `<p class="note">Try: ${hints.map((hint) => `<code>${escapeHtml(hint.email)}</code> with <code>${escapeHtml(hint.password)}</code>`).join(', or ')}</p>`,
  );

/** The sign-up page. */
export const signUpPage = ({ state, app, email, name, error }: LoginForm): string =>
  page(
    `Sign up for ${app}`,
    `${problem(error)}<form method="post" action="/u/signup?state=${encodeURIComponent(state)}">${field('name', 'Name', 'text', name, 'name')}${field('email', 'E-mail address', 'email', email, 'username')}${field('password', 'Password, at least 8 characters', 'password', '', 'new-password')}<button>Sign up</button></form>` +
      `<p>Have an account? <a href="/u/login?state=${encodeURIComponent(state)}">Log in</a></p>`,
  );

/** An error of the tenant itself, where there is no app to return to. */
export const errorPage = (title: string, text: string): string => page(title, `<p>${escapeHtml(text)}</p>`);
