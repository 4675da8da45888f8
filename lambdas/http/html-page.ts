import { createHash } from 'node:crypto';
import { PAGES, SUPPORT_ID_LABEL } from '../text/en.ts';
import { NO_STORE_HEADERS } from './answer-headers.ts';
import type { HttpAnswer } from './endpoint.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as HTML text or attribute value. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');

const STYLE = `
:root{color-scheme:light dark;--ink:#16202e;--soft:#51607a;--back:#f5f7fa;--card:#fff;--line:#d7deea;--accent:#1f5fbf;--on:#fff}
@media (prefers-color-scheme:dark){:root{--ink:#eef2f8;--soft:#aab6c9;--back:#10151d;--card:#1a2230;--line:#2f3b4f;--accent:#8ab4ff;--on:#0c1420}}
*{box-sizing:border-box}body{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--back);color:var(--ink);font:1rem/1.55 system-ui,sans-serif}
main{width:min(26rem,calc(100vw - 2rem));background:var(--card);border:1px solid var(--line);border-radius:1rem;padding:2rem;overflow-wrap:anywhere}
h1{font-size:1.35rem;line-height:1.3;margin:0 0 .75rem}p{margin:0 0 1rem}main>p:last-child{margin:0}a{color:var(--accent)}small{color:var(--soft)}code{font:inherit;font-variant-numeric:tabular-nums;user-select:all}
button{font:inherit;font-weight:600;border:0;border-radius:.6rem;padding:.75rem 1.25rem;min-height:2.75rem;background:var(--accent);color:var(--on);cursor:pointer}
button.second{background:transparent;color:var(--accent);box-shadow:inset 0 0 0 1px var(--line)}
button:focus-visible{outline:3px solid var(--accent);outline-offset:3px}`;

interface PageParts {
  readonly script?: string | null;
  readonly formAction?: string | null;
}

const SUBMIT = "document.getElementById('return').submit()";

const hashSource = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/**
 * Style and script by their hashes. Only a form that posts to this site gets a `form-action`: browsers apply it to Auth0's redirect to
 * the app as well and block it.
 */
const policy = ({ script = null, formAction = null }: PageParts): string =>
  [
    "default-src 'none'",
    `style-src ${hashSource(STYLE)}`,
    ...(script === null ? [] : [`script-src ${hashSource(script)}`]),
    ...(formAction === null ? [] : [`form-action ${formAction}`]),
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

const pageAnswer = (statusCode: number, title: string, content: string, parts: PageParts = {}): HttpAnswer => ({
  statusCode,
  headers: {
    ...NO_STORE_HEADERS,
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy(parts),
  },
  body: `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body><main><h1>${escapeHtml(title)}</h1>${content}</main>${parts.script == null ? '' : `<script>${parts.script}</script>`}</body></html>`,
});

/** A final page, which says what to do next. */
export const messagePage = (
  statusCode: number,
  page: { readonly title: string; readonly text: string },
  supportId: string,
) =>
  pageAnswer(
    statusCode,
    page.title,
    `<p>${escapeHtml(page.text)}</p><small>${SUPPORT_ID_LABEL} <code>${escapeHtml(supportId)}</code></small>`,
  );

/** The page for an address that has nothing, with a link to the portal. */
export const notFoundPage = (portalPath: string): HttpAnswer => {
  const { title, text, portal } = PAGES.nothingHere;
  return pageAnswer(404, title, `<p>${text}</p><p><a href="${portalPath}">${portal}</a></p>`);
};

/** The page that posts the result to Auth0: automatically, and by a button if no script runs. */
export const returnPage = (url: string, field: string, token: string, supportId: string) =>
  pageAnswer(
    200,
    PAGES.returning.title,
    `<form id="return" method="post" action="${escapeHtml(url)}"><input type="hidden" name="${field}" value="${escapeHtml(token)}">` +
      `<p>${PAGES.returning.text}</p><button>${PAGES.returning.button}</button></form>` +
      `<p><small>${SUPPORT_ID_LABEL} <code>${escapeHtml(supportId)}</code></small></p>`,
    { script: SUBMIT },
  );

/** Asks whoever got a link whether the sign-in is theirs, before anything is opened. Works without script. */
export const questionPage = (
  question: {
    readonly organisation: string;
    readonly app: string | null;
    readonly account: string | null;
    readonly otherNetwork: boolean;
    readonly supportId: string;
  },
  form: { readonly action: string; readonly fields: Readonly<Record<string, string>> },
): HttpAnswer => {
  const { title, asks, account, otherNetwork, go, report } = PAGES.handoff;
  const lines = [
    asks(question.organisation, question.app),
    ...(question.account === null ? [] : [`${account} ${question.account}`]),
    ...(question.otherNetwork ? [otherNetwork] : []),
  ];
  const hidden = Object.entries(form.fields).map(
    ([name, value]) => `<input type="hidden" name="${name}" value="${escapeHtml(value)}">`,
  );
  return pageAnswer(
    200,
    title,
    `${lines.map((line) => `<p>${escapeHtml(line)}</p>`).join('')}<form method="post" action="${form.action}">${hidden.join('')}` +
      `<p><button name="answer" value="report" class="second">${report}</button></p><p><button name="answer" value="continue">${go}</button></p></form>` +
      `<small>${SUPPORT_ID_LABEL} <code>${escapeHtml(question.supportId)}</code></small>`,
    { formAction: "'self'" },
  );
};
