import type { IDToken } from 'openid-client';
import type { Denial } from './explain-denial.ts';
import { secondFactorOf } from './second-factor.ts';

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

const page = (bank: string, title: string, content: string, action = ''): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escapeHtml(title)} · ${escapeHtml(bank)}</title><link rel="stylesheet" href="/bank.css"></head><body><header><strong>⚓ ${escapeHtml(bank)}</strong>${action}</header><main>${content}</main><footer>${escapeHtml(bank)} is a demo app; there is no money here.</footer></body></html>`;

/** The page before the login. */
export const homePage = (bank: string): string =>
  page(
    bank,
    'Welcome',
    '<h1>Your money, safely in harbour</h1><div class="card"><p>Log in to see your account. After the password we ask for your face.</p><a class="button" href="/login">Log in</a></div>',
  );

/** What the page after the login shows. */
export interface AccountPage {
  readonly bank: string;
  readonly name: string;
  readonly claims: IDToken;
  /** Namespace of the claims about the face. */
  readonly namespace: string;
}

/** UTC, to the second: `24 Nov 2026 10:41:26 UTC` */
const timeOf = (epochSeconds: number): string =>
  new Date(epochSeconds * 1000)
    .toUTCString()
    .replace(/^\w+, /, '')
    .replace('GMT', 'UTC');

const MOVEMENTS = [
  ['Harbour Bakery', '− € 6.40'],
  ['Salary', '+ € 2,950.00'],
  ['Tram ticket', '− € 2.90'],
]
  .map(([text, amount]) => `<li><span>${text}</span><span>${amount}</span></li>`)
  .join('');

const accountCard = ({ claims, namespace }: AccountPage): string => {
  const factor = secondFactorOf(claims, namespace);
  if (factor === null) {
    return '<div class="card"><h2>Everyday account</h2><p class="bad">Second factor: none in this login.</p><p>The balance stays hidden until you log in with your face.</p><a class="button" href="/login?again=1">Log in again</a></div>';
  }
  const what = factor.event === 'enrolled' ? 'face enrolled' : 'face verified';
  const time = `<time datetime="${new Date(factor.at * 1000).toISOString()}">${timeOf(factor.at)}</time>`;
  return `<div class="card"><h2>Everyday account</h2><p class="amount">€ 4,217.30</p><p class="good">Second factor: ${what}, ${time}</p><ul class="entries">${MOVEMENTS}</ul></div>`;
};

const TIMES = ['iat', 'exp', 'auth_time', 'face_at'];

const claimRow = (name: string, value: unknown, namespace: string): string => {
  const isOurs = name.startsWith(namespace);
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  const isTime = typeof value === 'number' && TIMES.includes(isOurs ? name.slice(namespace.length) : name);
  const note = isTime ? ` <span class="soft">(${timeOf(value)})</span>` : '';
  return `<tr${isOurs ? ' class="mark"' : ''}><th scope="row">${escapeHtml(name)}</th><td>${escapeHtml(text)}${note}</td></tr>`;
};

/** The account, if the login had a second factor, and what the ID token says. */
export const accountPage = (account: AccountPage): string => {
  const rows = Object.entries(account.claims).map(([name, value]) => claimRow(name, value, account.namespace));
  return page(
    account.bank,
    'Your account',
    `<h1>Welcome, ${escapeHtml(account.name)}</h1>${accountCard(account)}` +
      `<div class="card"><h2 id="claims">What the ID token says</h2><p class="soft">Framed: the claims that the bank checks.</p><div class="scroll"><table aria-labelledby="claims"><tbody>${rows.join('')}</tbody></table></div></div>`,
    '<form method="post" action="/logout"><button class="plain">Log out</button></form>',
  );
};

/** What happened, in plain words, with the ids that the helpdesk asks for; nothing on it starts a login by itself. */
export const denialPage = (bank: string, { code, title, advice, supportId, detail }: Denial): string =>
  page(
    bank,
    title,
    `<h1>${escapeHtml(title)}</h1><div class="card"><p>${escapeHtml(advice)}</p>${detail === '' ? '' : `<p>${escapeHtml(detail)}</p>`}` +
      `<p><code id="code">${escapeHtml(code)}</code>${supportId === null ? '' : ` · Support id <code id="support-id">${escapeHtml(supportId)}</code>`}</p>` +
      '<a class="button" href="/login?again=1">Try again</a> <a class="plain" href="/">Home</a></div>',
  );

/** Any other message. */
export const messagePage = (bank: string, title: string, text: string): string =>
  page(
    bank,
    title,
    `<h1>${escapeHtml(title)}</h1><div class="card"><p>${escapeHtml(text)}</p><a class="button" href="/">Home</a></div>`,
  );
