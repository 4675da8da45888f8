import type { Denial } from './explain-denial.ts';

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

/** The bank's style sheet, served as a file. */
export const BANK_STYLE = `:root{color-scheme:light dark;--ink:#0f2a33;--soft:#4d656d;--back:#f3f7f7;--card:#fff;--line:#cfdcdd;--accent:#0b6b62;--on:#fff;--good:#0b6b62;--bad:#a3261c}
@media (prefers-color-scheme:dark){:root{--ink:#e8f1f1;--soft:#a5b9bb;--back:#0d1618;--card:#162326;--line:#2d4145;--accent:#6fd6c9;--on:#062521;--good:#6fd6c9;--bad:#ffb4a8}}
*{box-sizing:border-box}body{margin:0;background:var(--back);color:var(--ink);font:1rem/1.55 system-ui,sans-serif}
header,footer{padding:1rem max(1rem,calc(50vw - 24rem))}header{display:flex;gap:1rem;justify-content:space-between;align-items:center;background:var(--card);border-bottom:1px solid var(--line)}
header strong{font-size:1.15rem}footer{color:var(--soft);font-size:.875rem}main{max-width:50rem;margin:0 auto;padding:2rem 1rem}
.card{background:var(--card);border:1px solid var(--line);border-radius:1rem;padding:1.5rem;margin:1rem 0}h1{font-size:1.7rem;line-height:1.25;margin:.5rem 0 1rem}h2{font-size:1.1rem;margin:0 0 .5rem}
.button{display:inline-block;background:var(--accent);color:var(--on);text-decoration:none;font-weight:600;padding:.75rem 1.4rem;border-radius:.6rem}.plain{color:var(--accent)}
:focus-visible{outline:3px solid var(--accent);outline-offset:3px}.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.45rem .6rem;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}th{font-weight:600;min-width:11rem}
.mark{outline:2px solid var(--good);outline-offset:-2px}.good{color:var(--good);font-weight:600}.bad{color:var(--bad)}.amount{font-size:2rem;font-variant-numeric:tabular-nums}code{font-variant-numeric:tabular-nums}`;

const page = (title: string, content: string, action = ''): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escapeHtml(title)} · Harbour Bank</title><link rel="stylesheet" href="/bank.css"></head><body><header><strong>⚓ Harbour Bank</strong>${action}</header><main>${content}</main><footer>Harbour Bank is a demo app; there is no money here.</footer></body></html>`;

export const homePage = (): string =>
  page(
    'Welcome',
    '<h1>Your money, safely in harbour</h1><div class="card"><p>Log in to see your account. After the password we ask for your face.</p><a class="button" href="/login">Log in</a></div>',
  );

export interface AccountPage {
  readonly name: string;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly namespace: string;
}

const factorText = ({ claims, namespace }: AccountPage): string => {
  if (claims[`${namespace}amr`] !== 'MFA') return '<p class="bad">Second factor: none in this login.</p>';
  const at = new Date(Number(claims[`${namespace}face_at`]) * 1000).toUTCString();
  const event = claims[`${namespace}event`] === 'enrolled' ? 'face enrolled' : 'face verified';
  return `<p class="good">Second factor: ${event}, ${escapeHtml(at)}</p>`;
};

export const accountPage = (account: AccountPage): string => {
  const rows = Object.entries(account.claims)
    .map(([name, value]) => {
      const isOurs = name.startsWith(account.namespace);
      const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
      return `<tr${isOurs ? ' class="mark"' : ''}><th scope="row">${escapeHtml(name)}</th><td>${escapeHtml(text)}</td></tr>`;
    })
    .join('');
  return page(
    'Your account',
    `<h1>Welcome, ${escapeHtml(account.name)}</h1><div class="card"><h2>Everyday account</h2><p class="amount">€ 4,217.30</p>${factorText(account)}</div>` +
      `<div class="card"><h2>What the ID token says</h2><div class="scroll"><table><tbody>${rows}</tbody></table></div></div>`,
    '<a class="plain" href="/logout">Log out</a>',
  );
};

export const denialPage = ({ code, title, advice, supportId, detail }: Denial): string =>
  page(
    title,
    `<h1>${escapeHtml(title)}</h1><div class="card"><p>${escapeHtml(advice)}</p>${detail === '' ? '' : `<p>${escapeHtml(detail)}</p>`}` +
      `<p><code id="code">${escapeHtml(code)}</code>${supportId === null ? '' : ` · Support id <code id="support-id">${escapeHtml(supportId)}</code>`}</p>` +
      '<a class="button" href="/login?again=1">Try again</a> <a class="plain" href="/">Home</a></div>',
  );

export const messagePage = (title: string, text: string): string =>
  page(
    title,
    `<h1>${escapeHtml(title)}</h1><div class="card"><p>${escapeHtml(text)}</p><a class="button" href="/">Home</a></div>`,
  );
