import type { EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import { endWithoutFace } from '../login/end-session.ts';
import type { FindSessionPorts, FoundSession } from '../login/find-session.ts';
import { onCurrentSession } from '../login/on-current-session.ts';
import { holdsHandoff, isLinkValid, parseLink } from '../model/handoff.ts';
import { isOtherNetwork } from '../model/other-network.ts';
import type { Clock, RandomToken } from '../model/ports.ts';
import { Problem } from '../model/problem.ts';
import {
  currentOutcome,
  type Handoff,
  hashSecret,
  ownsSession,
  refusalNow,
  type Session,
  type SessionCredential,
  sessionHandle,
} from '../model/session.ts';

export interface OpenHandoffPorts extends FindSessionPorts {
  readonly clock: Clock;
  readonly randomToken: RandomToken;
}

export interface HandoffRequest {
  /** The link's last part. */
  readonly link: string;
  readonly callerIp: string;
  /** The credential that the browser holds for a handle, if any. */
  readonly heldCredential: (handle: string) => SessionCredential | null;
}

/** What the page shows before anything happens: who asks, and for which account. */
export interface HandoffQuestion {
  readonly organisation: string;
  readonly app: string | null;
  readonly account: string | null;
  readonly otherNetwork: boolean;
  readonly supportId: string;
}

interface OpenLink extends FoundSession {
  readonly handoff: Handoff;
  readonly handle: string;
  readonly held: SessionCredential | null;
  readonly now: EpochSeconds;
}

/** True if the browser with this cookie opened the link: another device, or the one that signs in, which has the session's own cookie. */
const openedWith = (session: Session, secret: string): boolean =>
  session.handoff?.openedBy === 'login' ? ownsSession(session, secret) : holdsHandoff(session.handoff, secret);

/** A link that can be opened, or the handle of a session that this browser already opened by it. */
const findLink = async (
  ports: OpenHandoffPorts,
  request: HandoffRequest,
): Promise<OpenLink | { readonly open: string }> => {
  const named = parseLink(request.link);
  if (named === null) throw new Problem('session-not-found', 'the link is malformed');
  const [session, integration] = await Promise.all([
    ports.sessions.read(named.integrationId, named.jti),
    ports.integrations.read(named.integrationId),
  ]);
  if (session === null || integration === null) throw new Problem('session-not-found', 'no session of this link');
  const handle = sessionHandle(session.integrationId, session.jti);
  const held = request.heldCredential(handle);
  if (held !== null && openedWith(session, held.secret)) return { open: handle };
  const now = ports.clock();
  if (currentOutcome(session, now) !== null || refusalNow(session, integration) !== null) {
    throw new Problem('session-finished', 'the sign-in of this link is over');
  }
  if (!isLinkValid(session.handoff, named.secret, now))
    throw new Problem('session-not-found', 'the link opens nothing');
  return { session, integration, handoff: session.handoff, handle, held, now };
};

/**
 * Reads what a link is for. Changes nothing: mail scanners open links too.
 * @returns the question, or the handle of a check that this browser opened before
 * @throws Problem `session-not-found`: malformed, unknown, replaced, too old, opened elsewhere; `session-finished`
 */
export const readHandoff =
  (ports: OpenHandoffPorts) =>
  async (request: HandoffRequest): Promise<HandoffQuestion | { readonly open: string }> => {
    const found = await findLink(ports, request);
    if ('open' in found) return found;
    const { session, integration } = found;
    return {
      organisation: integration.branding.displayName,
      app: session.app,
      account: session.account,
      otherNetwork: isOtherNetwork(session.callerIp, request.callerIp),
      supportId: session.supportId,
    };
  };

export interface OpenedHandoff {
  readonly handle: string;
  readonly supportId: string;
  readonly expiresAt: EpochSeconds;
  readonly now: EpochSeconds;
  /** For the device's cookie; null if the browser already has the cookie that it needs. */
  readonly credential: SessionCredential | null;
}

/**
 * Opens a link for one browser, by one conditional write. If that is the browser that signs in, the check runs there and needs no code.
 * @throws Problem as `readHandoff`
 */
export const openHandoff =
  (ports: OpenHandoffPorts) =>
  (request: HandoffRequest): Promise<OpenedHandoff | { readonly open: string }> =>
    onCurrentSession(
      () => findLink(ports, request),
      async (found): Promise<OpenedHandoff | { readonly open: string } | 'changed'> => {
        if ('open' in found) return found;
        const { session, handoff, handle, held, now } = found;
        const { integrationId, jti, supportId, expiresAt } = session;
        const isLogin = held !== null && ownsSession(session, held.secret);
        const secret = ports.randomToken();
        const opened: Handoff = {
          ...handoff,
          step: handoff.step + 1,
          openedBy: isLogin ? 'login' : 'device',
          cookieHash: isLogin ? null : hashSecret(secret),
          otherNetwork: isOtherNetwork(session.callerIp, request.callerIp),
        };
        // A link that was opened or replaced elsewhere is not found the next time.
        if (!(await ports.sessions.changeHandoff(session, opened))) return 'changed';
        return { handle, supportId, expiresAt, now, credential: isLogin ? null : { integrationId, jti, secret } };
      },
    );

/**
 * Ends the login because the recipient of its link did not start it.
 * @returns the support id
 * @throws Problem as `readHandoff`
 */
export const reportHandoff =
  (ports: OpenHandoffPorts) =>
  async (request: HandoffRequest): Promise<string> => {
    const found = await findLink(ports, request);
    if ('open' in found) throw new Problem('session-finished', 'opened before: the page itself can end it');
    await endWithoutFace(ports.sessions, found.session, 'reported', found.now);
    return found.session.supportId;
  };
