import type { SESv2Client } from '@aws-sdk/client-sesv2';
import type { InvitationMail } from '../../core/accounts/members.ts';
import { unavailable } from '../../core/model/problem.ts';
import { invitationMail } from '../../text/en.ts';
import { textMail } from './text-mail.ts';

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
    const message = textMail({ from: this.sender, to: mail.to, ...invitationMail(mail) });
    await this.#ses.send(message).catch(unavailable('SES SendEmail'));
    return true;
  }
}
