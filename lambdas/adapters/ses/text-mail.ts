import { SendEmailCommand } from '@aws-sdk/client-sesv2';

const CHARSET = 'UTF-8';

/**
 * One plain-text e-mail to one address. Without a character set SES treats subject and text as 7-bit ASCII, and other characters are
 * lost. Source: Amazon SES API v2 reference, Content.
 */
export const textMail = (mail: {
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}): SendEmailCommand =>
  new SendEmailCommand({
    FromEmailAddress: mail.from,
    Destination: { ToAddresses: [mail.to] },
    Content: {
      Simple: {
        Subject: { Data: mail.subject, Charset: CHARSET },
        Body: { Text: { Data: mail.text, Charset: CHARSET } },
      },
    },
  });
