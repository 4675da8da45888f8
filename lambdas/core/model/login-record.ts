import type { TransactionView } from '../../../contract/api/portal/transactions.ts';
import { orderedId } from './ordered-id.ts';
import type { EndedSession } from './session.ts';

/**
 * The lasting record of one ended login: who, where, how it went, in bands instead of scores. No image, no address, no token, no cookie.
 * The contract defines what the portal shows of it.
 */
export interface LoginRecord extends Readonly<TransactionView> {
  readonly integrationId: string;
  /** Null in older records, which hold it only in their id. */
  readonly jti: string | null;
  readonly purpose: string;
  /** The application that asked for the login. */
  readonly cid: string;
  readonly challenge: string;
}

/** The record of an ended login. */
export const loginRecord = (session: EndedSession): LoginRecord => ({
  integrationId: session.integrationId,
  // Logins that end in one second keep the order in which they ended.
  transactionId: `${session.finishedAt}#${orderedId()}`,
  jti: session.jti,
  externalId: session.externalId,
  outcome: session.outcome,
  task: session.task,
  mode: session.mode,
  purpose: session.purpose,
  cid: session.cid,
  app: session.app,
  domain: session.iss,
  supportId: session.supportId,
  challenge: session.challenge,
  otherNetwork: session.otherNetwork,
  consentVersion: session.consent?.version ?? null,
  openedAt: session.openedAt,
  finishedAt: session.finishedAt,
  attempts: session.attempt?.number ?? 0,
  verdicts: [...session.verdicts],
});

/** What the portal shows of a record. */
export const viewOfRecord = (record: LoginRecord): TransactionView => {
  const {
    integrationId: _integration,
    jti: _jti,
    purpose: _purpose,
    cid: _cid,
    challenge: _challenge,
    ...view
  } = record;
  return view;
};
