import { randomUUID } from 'node:crypto';
import { mkdir, readdir } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { z } from 'zod';
import { AwsError } from '../aws-wire/aws-error.ts';
import { readBody } from '../aws-wire/aws-json-server.ts';
import { ACCOUNT_ID, type CredentialStore, requestContext } from '../aws-wire/credentials.ts';
import { readIfExists, writeDurably } from '../aws-wire/durable-file.ts';
import { listen, type RunningPart } from '../aws-wire/listen.ts';
import { verifySignedRequest } from '../aws-wire/signature.ts';
import { mailboxPage } from './mailbox-page.ts';
import type { Message } from './message.ts';

export interface MailboxOptions {
  readonly port: number;
  readonly folder: string;
  readonly credentials: CredentialStore;
  readonly clockMs?: () => number;
}

/** SES has no SMTPUTF8: an address is 7-bit ASCII (Amazon SES API v2 reference, Destination). */
const Address = z
  .string()
  .min(3)
  .max(320)
  .regex(/^[\x21-\x7e]+$/, 'the address is not 7-bit ASCII');
/** What is delivered. Without a character set the text is 7-bit ASCII, and everything else is lost (Amazon SES API v2 reference, Content). */
const Content = z
  .object({ Data: z.string().max(200_000), Charset: z.enum(['UTF-8', 'utf-8']).optional() })
  .transform(({ Data, Charset }) => (Charset === undefined ? Data.replaceAll(/[^\p{ASCII}]/gu, '?') : Data));
const SendEmail = z.object({
  FromEmailAddress: Address,
  Destination: z.object({ ToAddresses: z.array(Address).min(1).max(50) }),
  Content: z.object({ Simple: z.object({ Subject: Content, Body: z.object({ Text: Content }) }) }),
});

const sendEmail = async (options: MailboxOptions, request: IncomingMessage, response: ServerResponse) => {
  const nowMs = (options.clockMs ?? Date.now)();
  const body = await readBody(request, 512 * 1024);
  const { credentials, scope } = verifySignedRequest(
    options.credentials,
    { method: 'POST', target: request.url ?? '/', headers: request.headers, body, service: 'ses' },
    nowMs,
  );
  const input = SendEmail.safeParse(JSON.parse(body.toString('utf8')));
  if (!input.success) throw new AwsError('BadRequestException', input.error.issues[0]?.message ?? 'invalid input');
  const { FromEmailAddress, Destination, Content: content } = input.data;
  options.credentials.access.authorize(credentials, {
    action: 'ses:SendEmail',
    // The address itself is the verified identity here; a verified domain would stand in its place.
    resource: `arn:aws:ses:${scope.split('/')[1]}:${ACCOUNT_ID}:identity/${FromEmailAddress}`,
    context: { ...requestContext(scope, nowMs), 'ses:fromaddress': FromEmailAddress },
  });
  const id = `${String(nowMs).padStart(14, '0')}-${randomUUID()}`;
  const message: Message = {
    id,
    at: new Date(nowMs).toISOString(),
    from: FromEmailAddress,
    to: Destination.ToAddresses,
    subject: content.Simple.Subject,
    text: content.Simple.Body.Text,
  };
  await writeDurably(join(options.folder, `${id}.json`), JSON.stringify(message));
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ MessageId: id }));
};

const readMessages = async (folder: string): Promise<Message[]> => {
  const files = (await readdir(folder))
    .filter((file) => file.endsWith('.json'))
    .sort()
    .reverse()
    .slice(0, 200);
  const contents = await Promise.all(files.map((file) => readIfExists(join(folder, file))));
  return contents.flatMap((bytes) => (bytes === null ? [] : [JSON.parse(bytes.toString('utf8')) as Message]));
};

const answer = async (options: MailboxOptions, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  if (request.method === 'POST' && request.url === '/v2/email/outbound-emails')
    return sendEmail(options, request, response);
  if (request.method !== 'GET' || request.url !== '/') throw new AwsError('NotFoundException', 'Not found', 404);
  const { headers, body } = mailboxPage(await readMessages(options.folder));
  response.writeHead(200, headers).end(body);
};

/** SES's SendEmail on this machine, and a page that shows what was sent. */
export const startMailbox = async (options: MailboxOptions): Promise<RunningPart> => {
  await mkdir(options.folder, { recursive: true, mode: 0o700 });
  const server = createServer((request, response) => {
    answer(options, request, response).catch((error: unknown) => {
      const known =
        error instanceof AwsError ? error : new AwsError('BadRequestException', 'The request is malformed.');
      response.writeHead(known.status, { 'content-type': 'application/json', 'x-amzn-errortype': known.code });
      response.end(JSON.stringify({ message: known.message }));
    });
  });
  return listen(server, options.port, 'the mailbox');
};
