import { euros } from './bank-account.ts';
import { escapeHtml, LOG_OUT, page, timeOf } from './bank-page.ts';
import type { Customer } from './bank-sessions.ts';
import type { Denial } from './explain-denial.ts';
import { type TransferForm, transferForm } from './transfer-pages.ts';

/** The page before the login. */
export const homePage = (bank: string): string =>
  page(
    bank,
    'Welcome',
    '<h1>Your money, safely in harbor</h1>' +
      '<div class="card"><h2>Face at every login</h2><p>After the password we ask for your face. Verified calls this mode <em>always-on</em>.</p><a class="button" href="/login">Log in</a></div>' +
      '<div class="card"><h2>Face only when it matters</h2><p>The password shows your account. We ask for your face only before a large transfer: mode <em>on-demand</em>.</p><a class="button" href="/login/password">Log in with the password alone</a></div>',
  );

/** What the page after the login shows. */
export interface AccountPage {
  readonly bank: string;
  readonly name: string;
  readonly customer: Customer;
  /** Namespace of the claims about the face. */
  readonly namespace: string;
  readonly form: TransferForm;
}

const factorLine = ({ factor, door }: Customer): string => {
  if (factor === null) {
    const what = door === 'password' ? '<p class="soft">' : '<p class="bad">';
    return `${what}Second factor: none in this login.</p>`;
  }
  const what = factor.event === 'enrolled' ? 'face enrolled' : 'face verified';
  const time = `<time datetime="${new Date(factor.at * 1000).toISOString()}">${timeOf(factor.at)}</time>`;
  return `<p class="good">Second factor: ${what}, ${time}</p>`;
};

/** Through the door `face`, the balance is shown only after a face check; the door `password` promised less. */
const accountCard = (customer: Customer): string => {
  const title = '<div class="card"><h2>Everyday account</h2>';
  if (customer.door === 'face' && customer.factor === null) {
    return `${title}${factorLine(customer)}<p>The balance stays hidden until you log in with your face.</p><a class="button" href="/login?again=1">Log in again</a></div>`;
  }
  const entries = customer.account.entries
    .map(
      ({ text, cents }) =>
        `<li><span>${escapeHtml(text)}</span><span>${cents > 0 ? '+ ' : ''}${euros(cents)}</span></li>`,
    )
    .join('');
  return `${title}<p class="amount">${euros(customer.account.cents)}</p>${factorLine(customer)}<ul class="entries">${entries}</ul></div>`;
};

const TIMES = ['iat', 'exp', 'auth_time', 'face_at'];

const claimRow = (name: string, value: unknown, namespace: string): string => {
  const isFaceClaim = name.startsWith(namespace);
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  const isTime = typeof value === 'number' && TIMES.includes(isFaceClaim ? name.slice(namespace.length) : name);
  const note = isTime ? ` <span class="soft">(${timeOf(value)})</span>` : '';
  return `<tr${isFaceClaim ? ' class="mark"' : ''}><th scope="row">${escapeHtml(name)}</th><td>${escapeHtml(text)}${note}</td></tr>`;
};

/** The account, a form for transfers, and what the ID token says. */
export const accountPage = ({ bank, name, customer, namespace, form }: AccountPage): string => {
  const rows = Object.entries(customer.claims).map(([claim, value]) => claimRow(claim, value, namespace));
  const canSend = customer.door === 'password' || customer.factor !== null;
  return page(
    bank,
    'Your account',
    `<h1>Welcome, ${escapeHtml(name)}</h1>${accountCard(customer)}${canSend ? transferForm(form) : ''}` +
      `<div class="card"><h2 id="claims">What the ID token says</h2><p class="soft">Framed: the claims that the bank checks.</p><div class="scroll"><table aria-labelledby="claims"><tbody>${rows.join('')}</tbody></table></div></div>`,
    LOG_OUT,
  );
};

/** What happened, in plain words, with the ids that the help desk asks for; nothing on the page starts a login by itself. */
export const denialPage = (
  bank: string,
  { code, title, advice, supportId, detail }: Denial,
  links: { readonly again: string; readonly home: string },
): string =>
  page(
    bank,
    title,
    `<h1>${escapeHtml(title)}</h1><div class="card"><p>${escapeHtml(advice)}</p>${detail === '' ? '' : `<p>${escapeHtml(detail)}</p>`}` +
      `<p><code id="code">${escapeHtml(code)}</code>${supportId === null ? '' : ` · Support id <code id="support-id">${escapeHtml(supportId)}</code>`}</p>` +
      `<a class="button" href="${links.again}">Try again</a> <a class="plain" href="${links.home}">Home</a></div>`,
  );

/** Any other message. */
export const messagePage = (bank: string, title: string, text: string): string =>
  page(
    bank,
    title,
    `<h1>${escapeHtml(title)}</h1><div class="card"><p>${escapeHtml(text)}</p><a class="button" href="/">Home</a></div>`,
  );
