import type { EventType } from '../../../contract/api/portal/webhook-events.ts';
import { newEvent } from './event.ts';
import type { SessionResult } from './ports.ts';
import type { Session, Verdict } from './session.ts';
import type { EventJob } from './webhook.ts';

/** A lock is told by the login whose failed try began it, and by no other that meets it. */
const typeOf = (
  { outcome }: Session,
  verdict: Verdict | null,
  { user }: Pick<SessionResult, 'user'>,
): EventType | null => {
  if (outcome === 'enrolled') return 'user.enrolled';
  if (outcome === 'verified') return user.change === 'verified' && user.isTold ? 'user.verified' : null;
  if (outcome === 'reported') return 'user.reported';
  return outcome === 'locked' && verdict !== null ? 'user.locked' : null;
};

/**
 * What webhooks are told of a login that ended, or null. Verifications are told where the integration says so alone: they come once
 * a login, and the list of ended logins has them.
 * @param ending its `verdict` is that of the try that ended the login, null where none did
 */
export const loginEvent = (ended: Session, ending: Pick<SessionResult, 'verdict' | 'user'>): EventJob | null => {
  const type = typeOf(ended, ending.verdict, ending);
  if (type === null || ended.finishedAt === null) return null;
  const { integrationId, externalId, supportId, lockedUntil } = ended;
  const detail = { supportId, ...(type === 'user.locked' && lockedUntil !== null ? { lockedUntil } : {}) };
  return newEvent(type, ended.finishedAt, { integrationId, externalId, detail });
};
