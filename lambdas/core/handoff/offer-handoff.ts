import type { HandoffTransport, OfferHandoffResponse } from '../../../contract/api/handoff.ts';
import { pathWith } from '../../../contract/api/route-path.ts';
import { HANDOFF_NAVIGATIONS } from '../../../contract/api/routes/navigations.ts';
import { openPii } from '../../../contract/protocol/seal-pii.ts';
import { type FindSessionPorts, type FoundSession, findSession } from '../login/find-session.ts';
import { onCurrentSession } from '../login/on-current-session.ts';
import { linkOf, MAX_OFFERS, newHandoff } from '../model/handoff.ts';
import type { KeyVault } from '../model/integration.ts';
import type { Clock, RandomToken } from '../model/ports.ts';
import { Problem } from '../model/problem.ts';
import { currentOutcome, refusalNow, type SessionCredential } from '../model/session.ts';

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
  const { displayName: organisation } = integration.branding;
  const minutes = Math.floor((handoff.linkEndsAt - now) / 60);
  await ports.linkMail.sendLink({ to, organisation, app: session.app, link, minutes, supportId: session.supportId });
  return { link: null, endsAt: handoff.linkEndsAt };
};

/**
 * Creates the link by which another device may run the check of this login. A new link invalidates the previous one, and whatever was
 * opened by it.
 * @returns the link for a phone's camera; null if it was sent by e-mail
 * @throws Problem `session-not-found`, `session-finished`, `invalid-request` (not offered here), `too-many-links`, `unavailable`
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
