import type { EpochSeconds } from '../../contract/protocol/epoch-seconds.ts';
import { openPii } from '../../contract/protocol/seal-pii.ts';
import type { Integration } from './integration.ts';
import type { KeyVault, Log, Notices } from './ports.ts';
import type { Session } from './session.ts';

export interface NotifyEnrolledPorts {
  readonly keyVault: KeyVault;
  readonly notices: Notices;
  readonly log: Log;
}

/**
 * Tells the person on another channel that a face was enrolled (NIST SP 800-63B-4 section 4.6). Best effort: the login
 * stands whether or not the e-mail leaves; a failure is logged by code.
 */
export const notifyEnrolled = async (
  ports: NotifyEnrolledPorts,
  session: Session,
  integration: Integration,
  at: EpochSeconds,
): Promise<void> => {
  const generation = integration.keys.find((key) => key.generation === session.keyGeneration);
  if (!integration.noticesByEmail || session.sealedPii === null || generation === undefined) return;
  try {
    const keys = await ports.keyVault.open(session.integrationId, generation);
    const { email } = openPii(session.sealedPii, keys.pii, session.jti);
    if (email === undefined) return;
    const { displayName: organisation, supportUrl } = integration.branding;
    await ports.notices.sendEnrolled({ to: email, organisation, at, supportId: session.supportId, supportUrl });
  } catch {
    ports.log('notice-failed', { supportId: session.supportId });
  }
};
