import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { epochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import { EmailInvitations } from '../../../lambdas/adapters/ses/email-invitations.ts';
import { EmailNotices } from '../../../lambdas/adapters/ses/email-notices.ts';
import type { RunningPart } from '../../../local/aws-wire/listen.ts';
import { startMailbox } from '../../../local/mailbox/start-mailbox.ts';
import { clientOf, newCredentials, temporaryFolder } from '../../support/local-aws.ts';

const FROM = 'verified@example.com';
const NAME = 'Zoë’s “Bank” Köln';

let mailbox: RunningPart;
let ses: SESv2Client;
let remove: () => Promise<void>;
beforeAll(async () => {
  const { folder, remove: removeFolder } = await temporaryFolder();
  remove = removeFolder;
  mailbox = await startMailbox({ port: 0, folder, credentials: newCredentials() });
  ses = new SESv2Client(clientOf(mailbox.url));
});
afterAll(async () => {
  await mailbox.close();
  await remove();
});

const articles = async (): Promise<readonly string[]> =>
  (await (await fetch(mailbox.url)).text()).match(/<article>.*?<\/article>/gs) ?? [];

/** As sent by a client that forgot the character set. */
const sendBare = (to: string) => {
  const data = { Data: NAME };
  return ses.send(
    new SendEmailCommand({
      FromEmailAddress: FROM,
      Destination: { ToAddresses: [to] },
      Content: { Simple: { Subject: data, Body: { Text: data } } },
    }),
  );
};

test('every e-mail arrives with every character of its text', async () => {
  const [notices, invitations] = [new EmailNotices(ses, FROM), new EmailInvitations(ses, FROM)];
  const about = { to: 'zoe@example.com', organisation: NAME, supportId: 'ABCD-EFGH' };
  const at = epochSeconds(1_900_000_000);
  await notices.sendLink({ ...about, app: NAME, link: 'https://a.example/', minutes: 10 });
  await notices.sendEnrolled({ ...about, at, supportUrl: null });
  await invitations.sendInvitation({
    ...about,
    accountName: NAME,
    invitedBy: null,
    link: 'https://a.example/',
    expiresAt: at,
    hasTemporaryPassword: true,
  });
  const mails = await articles();
  expect(mails).toHaveLength(3);
  for (const mail of mails) {
    // Subject and text.
    expect(mail.split('Zoë’s “Bank” Köln').length).toBeGreaterThan(2);
    expect(mail).not.toContain('?');
  }
  expect(mails.join()).toContain('“No, this is not me”');
});

test('SES loses non-ASCII text without a character set, and refuses a non-ASCII address', async () => {
  await sendBare('zoe@example.com');
  expect((await articles())[0]).toContain('Zo??s ?Bank? K?ln');
  await expect(sendBare('zoë@example.com')).rejects.toMatchObject({ name: 'BadRequestException' });
});
