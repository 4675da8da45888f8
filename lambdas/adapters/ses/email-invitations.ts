import { type SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import type { InvitationMail } from '../../core/portal/people.ts';
import { unavailable } from '../../core/problem.ts';
import { invitationMail } from '../../text/en.ts';

/** Invitations by Amazon SES. */
export class EmailInvitations implements InvitationMail {
  readonly #ses: SESv2Client;
  readonly sender: string | null;

  /** @param sender empty: nothing is sent */
  constructor(ses: SESv2Client, sender: string) {
    this.#ses = ses;
    this.sender = sender === '' ? null : sender;
  }

  async sendInvitation(mail: Parameters<InvitationMail['sendInvitation']>[0]): Promise<boolean> {
    if (this.sender === null) return false;
    const { subject, text } = invitationMail(mail);
    await this.#ses
      .send(
        new SendEmailCommand({
          FromEmailAddress: this.sender,
          Destination: { ToAddresses: [mail.to] },
          Content: { Simple: { Subject: { Data: subject }, Body: { Text: { Data: text } } } },
        }),
      )
      .catch(unavailable('SES SendEmail'));
    return true;
  }
}
