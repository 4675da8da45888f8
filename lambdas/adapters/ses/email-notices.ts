import type { SESv2Client } from '@aws-sdk/client-sesv2';
import type { LinkMail } from '../../core/handoff/offer-handoff.ts';
import type { Notices } from '../../core/jobs/notify-enrolled.ts';
import { Problem, unavailable } from '../../core/model/problem.ts';
import { enrolledNotice, handoffMail } from '../../text/en.ts';
import { textMail } from './text-mail.ts';

/** E-mail by Amazon SES. Without a sender, notices are not sent, and links cannot be sent. */
export class EmailNotices implements Notices, LinkMail {
  readonly #ses: SESv2Client;
  readonly #sender: string;

  constructor(ses: SESv2Client, sender: string) {
    this.#ses = ses;
    this.#sender = sender;
  }

  async sendEnrolled(notice: Parameters<Notices['sendEnrolled']>[0]): Promise<void> {
    if (this.#sender === '') return;
    await this.#send(notice.to, enrolledNotice(notice));
  }

  async sendLink(mail: Parameters<LinkMail['sendLink']>[0]): Promise<void> {
    if (this.#sender === '') throw new Problem('unavailable', 'no sender of e-mail is set');
    await this.#send(mail.to, handoffMail(mail)).catch(unavailable('SES SendEmail'));
  }

  async #send(to: string, words: { readonly subject: string; readonly text: string }): Promise<void> {
    await this.#ses.send(textMail({ from: this.#sender, to, ...words }));
  }
}
