import { SignJWT } from 'jose';
import { addSeconds, type EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import { isSuccess, type Outcome } from '../../../contract/protocol/outcomes.ts';
import {
  RESULT_TOKEN_LIFETIME_SECONDS,
  RESULT_TOKEN_USE,
  type ResultTokenPayload,
  resultAudience,
  VERIFICATION_MAX_AGE_SECONDS,
} from '../../../contract/protocol/result-token.ts';
import { continueUrl } from '../model/auth0-domain.ts';
import { type Integration, type KeyVault, liveGenerations } from '../model/integration.ts';
import type { Clock } from '../model/ports.ts';
import { Problem } from '../model/problem.ts';
import { currentOutcome, type Session, type SessionCredential } from '../model/session.ts';
import type { User, Users } from '../model/user.ts';
import { isReturnable } from './describe-session.ts';
import { endWithoutFace } from './end-session.ts';
import { type FindSessionPorts, findSession } from './find-session.ts';

export interface ReturnResultPorts extends FindSessionPorts {
  readonly users: Users;
  readonly keyVault: KeyVault;
  readonly clock: Clock;
}

/** What the return page posts to Auth0, and how the login ended (for the log). */
export interface ReturnedResult {
  readonly kind: 'result';
  readonly url: string;
  readonly token: string;
  readonly outcome: Outcome;
  readonly supportId: string;
}

/** A success is none if the user has been disabled since, or no longer has the face that it is based on. */
const outcomeForUser = (session: Session, outcome: Outcome, user: User | null): Outcome => {
  if (user?.disabled != null) return 'disabled';
  // The previous release did not note the face.
  const proven = session.provenReferenceId ?? user?.reference?.referenceId;
  return user?.reference == null || user.reference.referenceId !== proven ? 'conflict' : outcome;
};

/**
 * What is signed: a success is none any more if the integration or user is disabled, if the user was deleted or has to enroll again, if
 * the login's secret has ended since, or if it is stale.
 */
const outcomeToSign = (
  session: Session,
  outcome: Outcome,
  integration: Integration,
  user: User | null,
  generation: number,
  at: EpochSeconds,
): Outcome => {
  if (!isSuccess(outcome)) return outcome;
  if (!integration.enabled || generation !== session.keyGeneration) return 'disabled';
  const isStale = at - (session.finishedAt ?? 0) > VERIFICATION_MAX_AGE_SECONDS;
  return isStale ? 'expired' : outcomeForUser(session, outcome, user);
};

const payloadOf = (session: Session, res: Outcome, at: EpochSeconds): ResultTokenPayload => ({
  v: 1,
  use: RESULT_TOKEN_USE,
  iss: session.iss,
  sub: session.externalId,
  aud: resultAudience(session.integrationId),
  state: session.authState,
  iat: at,
  exp: addSeconds(at, RESULT_TOKEN_LIFETIME_SECONDS),
  jti: session.resultJti,
  tx: session.tx,
  ref: session.jti,
  cid: session.cid,
  res,
  event: res === 'enrolled' || res === 'verified' ? res : null,
  vat: isSuccess(res) ? session.finishedAt : null,
  ...(res === 'locked' && session.lockedUntil !== null ? { until: session.lockedUntil } : {}),
});

/**
 * The key of the generation that verified the request. If that has ended, the newest one: the Action knows it by then, and the login
 * gets a signed refusal instead of a dead end.
 */
const resultKey = async (ports: ReturnResultPorts, session: Session, integration: Integration, now: EpochSeconds) => {
  const live = liveGenerations(integration, now);
  const chosen = live.find((key) => key.generation === session.keyGeneration) ?? live[0];
  if (chosen === undefined) throw new Problem('session-finished', 'no key generation is live');
  const keys = await ports.keyVault.open(session.integrationId, chosen);
  return { generation: chosen.generation, key: new TextEncoder().encode(keys.result) };
};

/** Ends a session whose time is over, so that exactly one outcome is on record, and reads what is stored. */
const endExpired = async (ports: ReturnResultPorts, session: Session, now: EpochSeconds): Promise<Session> => {
  await endWithoutFace(ports.sessions, session, 'expired', now);
  const current = await ports.sessions.read(session.integrationId, session.jti);
  if (current?.outcome == null) throw new Problem('session-not-found', 'removed in the meantime');
  return current;
};

/**
 * Marks the result as handed over. The same write checks whether the user's row still supports a success. If it does not, the row as it
 * is now decides the refusal that is signed instead.
 */
const handOver = async (
  ports: ReturnResultPorts,
  session: Session,
  seen: User | null,
  now: EpochSeconds,
): Promise<{ readonly at: EpochSeconds; readonly user: User | null }> => {
  const handed = await ports.sessions.handOver(session, now);
  if (handed === null) throw new Problem('session-finished', 'no outcome to hand over');
  return typeof handed === 'object' ? { at: now, user: handed.user } : { at: handed, user: seen };
};

/**
 * Signs the session's durable outcome for Auth0. Handing over is marked first, by one conditional write; within the token's lifetime a
 * repetition gives the same token, later none.
 * @returns the result, or `open` for a login that is not over yet
 * @throws Problem `session-not-found`; `session-finished` if it was handed over before
 */
export const returnResult =
  (ports: ReturnResultPorts) =>
  async (credential: SessionCredential): Promise<ReturnedResult | { readonly kind: 'open' }> => {
    const found = await findSession(ports, credential);
    const { integration } = found;
    const now = ports.clock();
    if (currentOutcome(found.session, now) === null) return { kind: 'open' };
    const session = found.session.state === 'open' ? await endExpired(ports, found.session, now) : found.session;
    if (!isReturnable(session, now)) throw new Problem('session-finished', 'handed over before');
    // Before the result is marked as handed over: if KMS is unavailable, the user can come back as long as the session is kept.
    const [{ key, generation }, seen] = await Promise.all([
      resultKey(ports, session, integration, now),
      ports.users.read(session.integrationId, session.externalId),
    ]);
    const { at, user } = await handOver(ports, session, seen, now);
    if (session.outcome === null) throw new Problem('session-finished', 'no outcome to hand over');
    if (now - at >= RESULT_TOKEN_LIFETIME_SECONDS) throw new Problem('session-finished', 'handed over before');
    const outcome = outcomeToSign(session, session.outcome, integration, user, generation, at);
    const token = await new SignJWT({ ...payloadOf(session, outcome, at) })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .sign(key);
    const url = continueUrl(session.iss, session.authState);
    return { kind: 'result', url, token, outcome, supportId: session.supportId };
  };
