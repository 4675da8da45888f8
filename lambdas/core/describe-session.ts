import type { PublicOutcome, SessionView } from '../../contract/api/session.ts';
import type { EpochSeconds } from '../../contract/protocol/epoch-seconds.ts';
import type { Outcome } from '../../contract/protocol/outcomes.ts';
import { RESULT_TOKEN_LIFETIME_SECONDS } from '../../contract/protocol/result-token.ts';
import { type FindSessionPorts, findSession } from './find-session.ts';
import type { Integration } from './integration.ts';
import type { Clock } from './ports.ts';
import { attemptsLeft, type Session, type SessionCredential, sessionHandle, standingOutcome } from './session.ts';

/** An outcome as the person may know it: which of the two checks failed stays here. */
export const publicOutcome = (outcome: Outcome): PublicOutcome =>
  outcome === 'no_match' || outcome === 'not_live' ? 'not_verified' : outcome;

/** True if the result can still be handed to Auth0 at `now`: never yet, or moments ago (a reload of the return page). */
export const isReturnable = (session: Session, now: EpochSeconds): boolean =>
  session.handedOverAt === null || now - session.handedOverAt < RESULT_TOKEN_LIFETIME_SECONDS;

const viewOf = (session: Session, integration: Integration, now: EpochSeconds): SessionView => {
  const outcome = standingOutcome(session, now);
  return {
    supportId: session.supportId,
    task: session.task,
    state: outcome === null ? 'open' : 'finished',
    outcome: outcome === null ? null : publicOutcome(outcome),
    lockedUntil: session.lockedUntil,
    returnable: isReturnable(session, now),
    branding: integration.branding,
    app: session.app,
    account: session.account,
    otherNetwork: session.otherNetwork,
    consent: session.consentNeeded && session.consent === null ? integration.consent : null,
    challenge: session.challenge,
    attemptsLeft: attemptsLeft(session),
    expiresAt: session.expiresAt,
    now,
    returnPath: `/s/return/${sessionHandle(session.integrationId, session.jti)}`,
  };
};

/**
 * What the capture page shows of the browser's own session. Writes nothing.
 * @throws Problem `session-not-found`
 */
export const describeSession =
  (ports: FindSessionPorts & { readonly clock: Clock }) =>
  async (credential: SessionCredential): Promise<SessionView> => {
    const { session, integration } = await findSession(ports, credential);
    return viewOf(session, integration, ports.clock());
  };
