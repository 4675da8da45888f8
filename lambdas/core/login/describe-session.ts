import type { HandoffView } from '../../../contract/api/handoff.ts';
import type { PublicOutcome } from '../../../contract/api/outcome.ts';
import { pathWith } from '../../../contract/api/route-path.ts';
import { LOGIN_NAVIGATIONS } from '../../../contract/api/routes/navigations.ts';
import type { SessionView } from '../../../contract/api/session.ts';
import type { EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import type { Outcome } from '../../../contract/protocol/outcomes.ts';
import { RESULT_TOKEN_LIFETIME_SECONDS } from '../../../contract/protocol/result-token.ts';
import { waitingCheck } from '../model/handoff.ts';
import type { Integration } from '../model/integration.ts';
import type { Clock } from '../model/ports.ts';
import {
  attemptsLeft,
  canRunHere,
  currentOutcome,
  type Role,
  type Session,
  type SessionCredential,
  sessionHandle,
} from '../model/session.ts';
import { type FindSessionPorts, findCheck } from './find-session.ts';

/** An outcome as the user may know it: which of the two checks failed is not disclosed. */
export const publicOutcome = (outcome: Outcome): PublicOutcome =>
  outcome === 'no_match' || outcome === 'not_live' ? 'not_verified' : outcome;

/** True if the result can still be handed to Auth0 at `now`: not handed over yet, or moments ago (a reload of the return page). */
export const isReturnable = (session: Session, now: EpochSeconds): boolean =>
  session.handedOverAt === null || now - session.handedOverAt < RESULT_TOKEN_LIFETIME_SECONDS;

const handoffView = (session: Session, now: EpochSeconds): HandoffView | null => {
  const { handoff } = session;
  if (handoff === null) return null;
  const { transport, otherNetwork, linkEndsAt } = handoff;
  const passed = waitingCheck(session, now);
  const state = passed !== null ? 'passed' : handoff.openedBy === null ? 'offered' : 'opened';
  const endsAt = passed?.codeEndsAt ?? (state === 'offered' ? linkEndsAt : null);
  return { transport, state, otherNetwork, endsAt, attempt: passed?.attempt ?? null };
};

const viewOf = (session: Session, integration: Integration, role: Role, now: EpochSeconds): SessionView => {
  const outcome = currentOutcome(session, now);
  return {
    supportId: session.supportId,
    task: session.task,
    role,
    runsHere: canRunHere(session, role),
    handoffBy: role === 'login' ? session.handoffBy : null,
    handoff: handoffView(session, now),
    state: outcome === null ? 'open' : 'finished',
    outcome: outcome === null ? null : publicOutcome(outcome),
    lockedUntil: session.lockedUntil,
    returnable: role === 'login' && isReturnable(session, now),
    branding: integration.branding,
    app: session.app,
    account: session.account,
    otherNetwork: role === 'login' ? session.otherNetwork : (session.handoff?.otherNetwork ?? false),
    consent: session.consentNeeded && session.consent === null ? integration.consent : null,
    challenge: session.challenge,
    attemptsLeft: attemptsLeft(session),
    expiresAt: session.expiresAt,
    now,
    returnPath: pathWith(LOGIN_NAVIGATIONS.returnToLogin.path, {
      handle: sessionHandle(session.integrationId, session.jti),
    }),
  };
};

/**
 * What the capture page shows of the browser's own session. Writes nothing.
 * @throws Problem `session-not-found`
 */
export const describeSession =
  (ports: FindSessionPorts & { readonly clock: Clock }) =>
  async (credential: SessionCredential): Promise<SessionView> => {
    const { session, integration, role } = await findCheck(ports, credential);
    return viewOf(session, integration, role, ports.clock());
  };
