import type { HandoffTransport, OfferHandoffResponse } from '../../../contract/api/handoff.ts';
import { pathWith } from '../../../contract/api/route-path.ts';
import { HANDOFF_NAVIGATIONS } from '../../../contract/api/routes/navigations.ts';
import { openPii } from '../../../contract/protocol/seal-pii.ts';
import { type FindSessionPorts, type FoundSession, findSession } from '../login/find-session.ts';
import { onCurrentSession } from '../login/on-current-session.ts';
import { linkOf, MAX_OFFERS, newHandoff } from '../model/handoff.ts';
import type { KeyVault } from '../model/integration.ts';
import type { Clock, Log, RandomToken } from '../model/ports.ts';
import { Problem } from '../model/problem.ts';
import { currentOutcome, type Handoff, refusalNow, type Session, type SessionCredential } from '../model/session.ts';

/** Sends the link to the user's address. */
export interface LinkMail {
  /** @throws Problem `unavailable` if it cannot be sent */
  sendLink(mail: {
    readonly to: string;
    readonly organisation: string;
    readonly app: string | null;
    readonly link: string;
    readonly minutes: number;
    readonly supportId: string;
  }): Promise<void>;
}

export interface OfferHandoffPorts extends FindSessionPorts {
  readonly keyVault: KeyVault;
  readonly linkMail: LinkMail;
  readonly randomToken: RandomToken;
  readonly clock: Clock;
  readonly log: Log;
  readonly publicOrigin: string;
}

const addressOf = async (ports: OfferHandoffPorts, { session, integration }: FoundSession): Promise<string> => {
  const generation = integration.keys.find((key) => key.generation === session.keyGeneration);
  if (generation === undefined || session.sealedPii === null) throw new Problem('unavailable', 'no address or no key');
  const keys = await ports.keyVault.open(session.integrationId, generation);
  const { email } = openPii(session.sealedPii, keys.pii, session.jti);
  if (email === undefined) throw new Problem('unavailable', 'no address');
  return email;
};

/**
 * Takes back a link whose e-mail could not be sent: it is none of the login's links, and the one before, with whatever was opened by
 * it, is as it was. A link that was opened in the meantime did arrive, and stays.
 */
const takeBack = async ({ sessions, log }: OfferHandoffPorts, session: Session, offered: Handoff): Promise<void> => {
  const before = session.handoff === null ? null : { ...session.handoff, step: offered.step + 1 };
  await sessions.changeHandoff({ ...session, handoff: offered }, before).catch(() => log('link-not-taken-back', {}));
};

/** @throws Problem `mail-not-sent`: nothing has changed, and it can be tried again */
const sendLink = async (
  ports: OfferHandoffPorts,
  { session, integration }: FoundSession,
  offered: Handoff,
  mail: Pick<Parameters<LinkMail['sendLink']>[0], 'to' | 'link' | 'minutes'>,
): Promise<void> => {
  const { displayName: organisation } = integration.branding;
  try {
    await ports.linkMail.sendLink({ ...mail, organisation, app: session.app, supportId: session.supportId });
  } catch (error) {
    await takeBack(ports, session, offered);
    if (!(error instanceof Problem) || error.code !== 'unavailable') throw error;
    throw new Problem('mail-not-sent', error.reason, { cause: error.cause });
  }
};

/** @returns `changed` if the session changed before the link was stored: nothing was written or sent */
const offerOn = async (
  ports: OfferHandoffPorts,
  found: FoundSession,
  credential: SessionCredential,
  transport: HandoffTransport,
): Promise<OfferHandoffResponse | 'changed'> => {
  const { session, integration } = found;
  const now = ports.clock();
  if (currentOutcome(session, now) !== null || refusalNow(session, integration) !== null) {
    throw new Problem('session-finished', 'ended before');
  }
  if (session.handoffBy !== transport) throw new Problem('invalid-request', 'not offered in this sign-in');
  if ((session.handoff?.offers ?? 0) >= MAX_OFFERS) throw new Problem('too-many-links', 'all links are used up');
  const to = transport === 'email' ? await addressOf(ports, found) : null;
  const secret = ports.randomToken();
  const handoff = newHandoff(session.handoff, transport, secret, now);
  if (!(await ports.sessions.changeHandoff(session, handoff))) return 'changed';
  const path = pathWith(HANDOFF_NAVIGATIONS.showHandoff.path, { link: linkOf({ ...credential, secret }) });
  const link = `${ports.publicOrigin}${path}`;
  if (to === null) return { link, endsAt: handoff.linkEndsAt };
  const minutes = Math.floor((handoff.linkEndsAt - now) / 60);
  await sendLink(ports, found, handoff, { to, link, minutes });
  return { link: null, endsAt: handoff.linkEndsAt };
};

/**
 * Creates the link by which another device may run the check of this login. A new link invalidates the previous one, and whatever was
 * opened by it.
 * @returns the link for a phone's camera; null if it was sent by e-mail
 * @throws Problem `session-not-found`, `session-finished`, `invalid-request` (not offered here), `too-many-links`, `mail-not-sent`,
 *   `unavailable`
 */
export const offerHandoff =
  (ports: OfferHandoffPorts) =>
  (
    credential: SessionCredential,
    transport: HandoffTransport,
    onFound: (supportId: string) => void,
  ): Promise<OfferHandoffResponse> =>
    onCurrentSession(
      () => findSession(ports, credential),
      (found, before) => {
        onFound(found.session.supportId);
        if (before !== null && found.session.handoff?.step !== before.session.handoff?.step) {
          throw new Problem('attempt-superseded', 'another link was created in the meantime');
        }
        return offerOn(ports, found, credential, transport);
      },
    );
