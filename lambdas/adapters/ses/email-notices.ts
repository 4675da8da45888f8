import { type SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import type { Notices } from '../../core/ports.ts';
import { enrolledNotice } from '../../text/en.ts';

/** Notices by Amazon SES. Without a sender nothing is sent. */
export class EmailNotices implements Notices {
  readonly #ses: SESv2Client;
  readonly #sender: string;

  constructor(ses: SESv2Client, sender: string) {
    this.#ses = ses;
    this.#sender = sender;
  }

  async sendEnrolled(notice: Parameters<Notices['sendEnrolled']>[0]): Promise<void> {
    if (this.#sender === '') return;
    const { subject, text } = enrolledNotice(notice);
    await this.#ses.send(
      new SendEmailCommand({
        FromEmailAddress: this.#sender,
        Destination: { ToAddresses: [notice.to] },
        Content: { Simple: { Subject: { Data: subject }, Body: { Text: { Data: text } } } },
      }),
    );
  }
}
