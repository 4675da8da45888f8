import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { z } from 'zod';
import { AwsError } from '../aws-wire/aws-error.ts';
import { readBody } from '../aws-wire/aws-json-server.ts';
import type { CredentialStore, LocalCredentials } from '../aws-wire/credentials.ts';
import { listen, type RunningPart } from '../aws-wire/listen.ts';
import { verifySignedRequest } from '../aws-wire/signature.ts';

export interface StsOptions {
  readonly port: number;
  readonly credentials: CredentialStore;
  /** Existing roles: ARN to the actions that it allows. */
  readonly roles: Readonly<Record<string, readonly string[]>>;
  readonly clockMs?: () => number;
}

const Policy = z.object({
  Version: z.string(),
  Statement: z.array(
    z.object({
      Effect: z.string(),
      Action: z.union([z.string(), z.array(z.string())]),
      Resource: z.union([z.string(), z.array(z.string())]),
      Condition: z.record(z.string(), z.record(z.string(), z.string())).default({}),
    }),
  ),
});

const Input = z.object({
  Action: z.literal('AssumeRole'),
  RoleArn: z.string(),
  RoleSessionName: z.string().regex(/^[\w+=,.@-]{2,64}$/),
  DurationSeconds: z.coerce.number().int().min(900).max(43_200).default(3600),
  Policy: z.string().max(2048).optional(),
});

const escapeXml = (text: string): string => text.replace(/[<>&]/g, (c) => `&#${c.charCodeAt(0)};`);

const parsePolicy = (text: string | undefined) => {
  if (text === undefined) return null;
  try {
    return Policy.parse(JSON.parse(text));
  } catch {
    throw new AwsError('MalformedPolicyDocument', 'The policy document is malformed.');
  }
};

const assumeRole = (options: StsOptions, form: URLSearchParams, nowMs: number): string => {
  const input = Input.safeParse(Object.fromEntries(form));
  if (!input.success) throw new AwsError('ValidationError', input.error.issues[0]?.message ?? 'invalid input');
  const { RoleArn, RoleSessionName, DurationSeconds, Policy: policy } = input.data;
  const roleActions = options.roles[RoleArn];
  if (roleActions === undefined) throw new AwsError('AccessDenied', 'Not authorized to perform: sts:AssumeRole', 403);
  const expiresAtMs = nowMs + DurationSeconds * 1000;
  const arn = `${RoleArn.replace(/:iam:(.*):role\//, ':sts:$1:assumed-role/')}/${RoleSessionName}`;
  const issued = options.credentials.issue({ arn, roleActions, sessionPolicy: parsePolicy(policy), expiresAtMs });
  return `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
<AssumedRoleUser><Arn>${escapeXml(arn)}</Arn><AssumedRoleId>AROALOCAL:${escapeXml(RoleSessionName)}</AssumedRoleId></AssumedRoleUser>
<Credentials><AccessKeyId>${issued.accessKeyId}</AccessKeyId><SecretAccessKey>${issued.secretAccessKey}</SecretAccessKey>
<SessionToken>${issued.sessionToken}</SessionToken><Expiration>${new Date(expiresAtMs).toISOString()}</Expiration></Credentials>
</AssumeRoleResult><ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata></AssumeRoleResponse>`;
};

/** Who signed; this needs no permission (STS API reference, GetCallerIdentity). */
const callerIdentity = ({ arn, accessKeyId }: LocalCredentials): string =>
  `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>${escapeXml(arn)}</Arn><UserId>${accessKeyId}</UserId><Account>${arn.split(':')[4]}</Account>
</GetCallerIdentityResult><ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata></GetCallerIdentityResponse>`;

const answer = async (options: StsOptions, request: IncomingMessage): Promise<string> => {
  const nowMs = (options.clockMs ?? Date.now)();
  const body = await readBody(request, 32 * 1024);
  const { method = '', url = '/', headers } = request;
  const signed = { method, target: url, headers, body, service: 'sts' };
  const { credentials } = verifySignedRequest(options.credentials, signed, nowMs);
  const form = new URLSearchParams(body.toString('utf8'));
  if (form.get('Action') === 'GetCallerIdentity') return callerIdentity(credentials);
  if (credentials.roleActions !== null)
    throw new AwsError('AccessDenied', 'Not authorized to perform: sts:AssumeRole', 403);
  return assumeRole(options, form, nowMs);
};

/** STS GetCallerIdentity, and AssumeRole with inline session policies, which the other local services really enforce. */
export const startSts = (options: StsOptions): Promise<RunningPart> => {
  const server = createServer((request, response) => {
    answer(options, request)
      .then((xml) => response.writeHead(200, { 'content-type': 'text/xml' }).end(xml))
      .catch((error: unknown) => {
        const known = error instanceof AwsError ? error : new AwsError('InternalFailure', 'Internal failure', 500);
        response.writeHead(known.status, { 'content-type': 'text/xml' });
        response.end(
          `<ErrorResponse><Error><Type>Sender</Type><Code>${known.code}</Code><Message>${escapeXml(known.message)}</Message></Error><RequestId>${randomUUID()}</RequestId></ErrorResponse>`,
        );
      });
  });
  return listen(server, options.port, 'STS');
};
