import type { EventType } from '../../../contract/api/portal/webhook-events.ts';
import { newEvent } from './event.ts';
import type { EndedSession } from './session.ts';
import type { EventJob } from './webhook.ts';

/** What decides on the event of an end, in addition to the session. */
export interface EventCondition {
  /**
   * An attempt of this login ended it. A lock is reported by the login whose failed attempt began it, and by no other login that it
   * refuses.
   */
  readonly isJudged: boolean;
  /** Whether the integration has events for verifications on. */
  readonly notifiesVerification: boolean;
}

const typeOf = ({ outcome }: EndedSession, { isJudged, notifiesVerification }: EventCondition): EventType | null => {
  if (outcome === 'enrolled') return 'user.enrolled';
  if (outcome === 'verified') return notifiesVerification ? 'user.verified' : null;
  if (outcome === 'reported') return 'user.reported';
  return outcome === 'locked' && isJudged ? 'user.locked' : null;
};

/**
 * The event for a login that ended, or null. Verifications are reported only if the integration says so: there is one for every login,
 * and the list of ended logins has them.
 */
export const loginEvent = (ended: EndedSession, condition: EventCondition): EventJob | null => {
  const type = typeOf(ended, condition);
  if (type === null) return null;
  const { integrationId, externalId, supportId, lockedUntil } = ended;
  const detail = { supportId, ...(type === 'user.locked' && lockedUntil !== null ? { lockedUntil } : {}) };
  return newEvent(type, ended.finishedAt, { integrationId, externalId, detail });
};
