import type { EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import { openPii } from '../../../contract/protocol/seal-pii.ts';
import type { Integrations, KeyVault } from '../model/integration.ts';
import type { EnrollmentNoticeJob, JobResult } from '../model/job.ts';

export interface Notices {
  /** Notifies the user that a face was enrolled on the account. */
  sendEnrolled(notice: {
    readonly to: string;
    readonly organisation: string;
    readonly at: EpochSeconds;
    readonly supportId: string;
    readonly supportUrl: string | null;
  }): Promise<void>;
}

export interface NotifyEnrolledPorts {
  readonly integrations: Integrations;
  readonly keyVault: KeyVault;
  readonly notices: Notices;
}

/**
 * Notifies the user on another channel that a face was enrolled (NIST SP 800-63B-4 section 4.6). The job is written in the transaction
 * that enrolls.
 * @throws whatever e-mail, store or KMS throw; the job is tried again later
 */
export const notifyEnrolled = async (ports: NotifyEnrolledPorts, work: EnrollmentNoticeJob): Promise<JobResult> => {
  const integration = await ports.integrations.read(work.integrationId);
  const generation = integration?.keys.find((key) => key.generation === work.keyGeneration);
  // Without the integration or its key the address cannot be read any more.
  if (integration === null || generation === undefined || !integration.noticesByEmail) return 'done';
  const keys = await ports.keyVault.open(work.integrationId, generation);
  const { email } = openPii(work.sealedPii, keys.pii, work.jti);
  if (email === undefined) return 'done';
  const { displayName: organisation, supportUrl } = integration.branding;
  const { enrolledAt: at, supportId } = work;
  await ports.notices.sendEnrolled({ to: email, organisation, at, supportId, supportUrl });
  return 'done';
};
