import type { EventType } from '../../../contract/api/portal/webhook-events.ts';
import { newEvent } from './event.ts';
import type { EndedSession } from './session.ts';
import type { EventJob } from './webhook.ts';

/** What of an end decides on its event, beside the session. */
export interface Telling {
  /** A try of this login ended it. A lock is told by the login whose failed try began it, and by no other that meets it. */
  readonly isJudged: boolean;
  /** Whether the integration wants verifications to be told. */
  readonly tellsVerification: boolean;
}

const typeOf = ({ outcome }: EndedSession, { isJudged, tellsVerification }: Telling): EventType | null => {
  if (outcome === 'enrolled') return 'user.enrolled';
  if (outcome === 'verified') return tellsVerification ? 'user.verified' : null;
  if (outcome === 'reported') return 'user.reported';
  return outcome === 'locked' && isJudged ? 'user.locked' : null;
};

/**
 * What webhooks are told of a login that ended, or null. Verifications are told where the integration says so alone: they come once
 * a login, and the list of ended logins has them.
 */
export const loginEvent = (ended: EndedSession, telling: Telling): EventJob | null => {
  const type = typeOf(ended, telling);
  if (type === null) return null;
  const { integrationId, externalId, supportId, lockedUntil } = ended;
  const detail = { supportId, ...(type === 'user.locked' && lockedUntil !== null ? { lockedUntil } : {}) };
  return newEvent(type, ended.finishedAt, { integrationId, externalId, detail });
};
