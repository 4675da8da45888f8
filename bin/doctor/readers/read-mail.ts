import { GetAccountCommand, GetEmailIdentityCommand } from '@aws-sdk/client-sesv2';
import type { Clients } from '../clients.ts';
import { senderOf } from '../declared.ts';
import type { Deployed, Mail } from '../facts.ts';
import { orNull } from '../reading.ts';

/** What SES says of the sender, by its address or its domain; null for a stage that sends no e-mail. */
export const readMail = async ({ ses }: Clients, deployed: Deployed): Promise<Mail | null> => {
  const sender = senderOf(deployed);
  if (sender === null) return null;
  const domain = sender.split('@')[1] ?? '';
  const account = await ses.send(new GetAccountCommand({}));
  const identities = await Promise.all(
    [sender, domain].map((EmailIdentity) =>
      orNull(ses.send(new GetEmailIdentityCommand({ EmailIdentity })), 'NotFoundException'),
    ),
  );
  return {
    domain,
    isVerified: identities.some((identity) => identity?.VerifiedForSendingStatus === true),
    isInProduction: account.ProductionAccessEnabled === true,
    isSending: account.SendingEnabled === true && account.EnforcementStatus !== 'SHUTDOWN',
  };
};
