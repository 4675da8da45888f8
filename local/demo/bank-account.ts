import { isRecent, type SecondFactor } from '../../docs/snippets/second-factor.ts';

/** A payment to a payee. */
export interface Transfer {
  readonly to: string;
  readonly cents: number;
}

/** One account, for as long as a session lasts. */
export interface Account {
  readonly cents: number;
  readonly entries: readonly { readonly text: string; readonly cents: number }[];
  /** Waits for the customer's face check. */
  readonly waiting: Transfer | null;
  /** The last one carried out, to be shown. */
  readonly made: Transfer | null;
}

/** Transfers above this need a face check. */
export const TRANSFER_LIMIT_CENTS = 50_000;
/** How old that check may be. */
export const FACE_MAX_AGE_SECONDS = 300;

export const PAYEES = ['Quay 7 Rentals', 'Harbour Bakery', 'Bob Brown'] as const;

export const NEW_ACCOUNT: Account = {
  cents: 421_730,
  entries: [
    { text: 'Harbour Bakery', cents: -640 },
    { text: 'Salary', cents: 295_000 },
    { text: 'Tram ticket', cents: -290 },
  ],
  waiting: null,
  made: null,
};

/** `€ 4,217.30` */
export const euros = (cents: number): string =>
  `${cents < 0 ? '− ' : ''}€ ${(Math.abs(cents) / 100).toLocaleString('en-IE', { minimumFractionDigits: 2 })}`;

/** A transfer as the form sent it, or one sentence about what is wrong with it. */
export const readTransfer = (form: Readonly<Record<string, unknown>>, account: Account): Transfer | string => {
  const to = PAYEES.find((payee) => payee === form['to']);
  if (to === undefined) return 'Choose who gets the money.';
  const text = typeof form['amount'] === 'string' ? form['amount'].trim() : '';
  if (!/^\d{1,6}([.,]\d{1,2})?$/.test(text)) return 'Enter an amount such as 1200 or 19.90.';
  const cents = Math.round(Number(text.replace(',', '.')) * 100);
  if (cents === 0) return 'Enter an amount above zero.';
  return cents > account.cents ? 'There is not enough money in the account.' : { to, cents };
};

/** The rule of the bank: above the limit, a face check within the last five minutes. */
export const mayTransfer = (transfer: Transfer, factor: SecondFactor | null, nowSeconds: number): boolean =>
  transfer.cents <= TRANSFER_LIMIT_CENTS || isRecent(factor, FACE_MAX_AGE_SECONDS, nowSeconds);

export const carryOut = (account: Account, transfer: Transfer): Account => ({
  cents: account.cents - transfer.cents,
  entries: [{ text: transfer.to, cents: -transfer.cents }, ...account.entries],
  waiting: null,
  made: transfer,
});
