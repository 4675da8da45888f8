import { euros, FACE_MAX_AGE_SECONDS, PAYEES, TRANSFER_LIMIT_CENTS, type Transfer } from './bank-account.ts';
import { escapeHtml, LOG_OUT, page } from './bank-page.ts';

const LIMIT = euros(TRANSFER_LIMIT_CENTS);
const MINUTES = FACE_MAX_AGE_SECONDS / 60;

const sentence = ({ to, cents }: Transfer): string => `<strong>${euros(cents)}</strong> to ${escapeHtml(to)}`;

/** What the form shows again if something was wrong with it. */
export interface TransferForm {
  readonly error?: string;
  readonly to?: string;
  readonly amount?: string;
}

/** The form on the account page. */
export const transferForm = ({ error, to, amount = '' }: TransferForm): string => {
  const options = PAYEES.map((payee) => `<option${payee === to ? ' selected' : ''}>${payee}</option>`).join('');
  const invalid = error === undefined ? '' : ' aria-invalid="true" aria-describedby="amount-error"';
  const alert = error === undefined ? '' : `<p class="bad" role="alert" id="amount-error">${escapeHtml(error)}</p>`;
  return (
    '<form class="card" method="post" action="/transfer"><h2>Send money</h2>' +
    `<p class="soft">Up to ${LIMIT} is sent immediately. Above that we ask for your face, unless we saw it in the last ${MINUTES} minutes.</p>${alert}` +
    `<label for="to">To</label><select id="to" name="to">${options}</select>` +
    `<label for="amount">Amount in euros</label><input id="amount" name="amount" inputmode="decimal" autocomplete="off" required placeholder="1200" value="${escapeHtml(amount)}"${invalid}>` +
    '<button class="button">Send</button></form>'
  );
};

/** Before the step-up: what the face is for. A link and not a form, so that `form-action` does not apply to the redirects that follow. */
export const confirmPage = (bank: string, transfer: Transfer): string =>
  page(
    bank,
    'Confirm with your face',
    `<h1>Confirm with your face</h1><div class="card"><p>${sentence(transfer)}</p><p>This is more than ${LIMIT}, so we check that it is you. Nothing is sent before that.</p><a class="button" href="/step-up">Continue to the face check</a> <a class="plain" href="/account">Not now</a></div>`,
    LOG_OUT,
  );

export const madePage = (bank: string, transfer: Transfer): string =>
  page(
    bank,
    'Transfer made',
    `<h1>Transfer made</h1><div class="card"><p class="good" role="status">✓ ${sentence(transfer)}</p><a class="button" href="/account">Back to your account</a></div>`,
    LOG_OUT,
  );

/** The step-up came back without a recent face check; nothing starts by itself. */
export const notConfirmedPage = (bank: string): string =>
  page(
    bank,
    'The transfer was not made',
    `<h1>The transfer was not made</h1><div class="card"><p id="reason">You came back without a face check in the last ${MINUTES} minutes. The money is still in your account.</p><a class="button" href="/step-up">Try again</a> <a class="plain" href="/account">Back to your account</a></div>`,
    LOG_OUT,
  );
