import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { z } from 'zod';
import { AwsError, asAwsError } from '../aws-wire/aws-error.ts';
import { readBody } from '../aws-wire/aws-json-server.ts';
import { type CredentialStore, type LocalCredentials, requestContext } from '../aws-wire/credentials.ts';
import { escapeXml } from '../aws-wire/escape-xml.ts';
import { readPolicy } from '../aws-wire/iam/policy.ts';
import { listen, type RunningPart } from '../aws-wire/listen.ts';
import { type Signer, verifySignedRequest } from '../aws-wire/signature.ts';

export interface StsOptions {
  readonly port: number;
  readonly credentials: CredentialStore;
  readonly clockMs?: () => number;
}

/** Strict: what is passed over, such as `PolicyArns`, could be what restricts the session. */
const Input = z.strictObject({
  Action: z.literal('AssumeRole'),
  Version: z.literal('2011-06-15'),
  RoleArn: z.string(),
  RoleSessionName: z.string().regex(/^[\w+=,.@-]{2,64}$/),
  DurationSeconds: z.coerce.number().int().min(900).max(43_200).default(3600),
  Policy: z.string().max(2048).optional(),
});

/** What STS calls the errors of the other protocols. */
const STS_NAMES = { AccessDeniedException: 'AccessDenied', InternalServerError: 'InternalFailure' } as const;

const parsePolicy = (text: string | undefined) => {
  if (text === undefined) return null;
  try {
    return readPolicy(JSON.parse(text), 'identity');
  } catch (error) {
    // Stricter than STS: what is not evaluated here gets no credentials.
    throw new AwsError('MalformedPolicyDocument', (error as Error).message);
  }
};

const assumeRole = (
  { credentials }: StsOptions,
  { credentials: caller, scope }: Signer,
  form: URLSearchParams,
  nowMs: number,
): string => {
  const input = Input.safeParse(Object.fromEntries(form));
  if (!input.success) throw new AwsError('ValidationError', input.error.issues[0]?.message ?? 'invalid input');
  const { RoleArn, RoleSessionName, DurationSeconds, Policy: policy } = input.data;
  const context = requestContext(scope, nowMs);
  credentials.access.authorize(caller, { action: 'sts:AssumeRole', resource: RoleArn, context });
  if (credentials.access.role(RoleArn) === null)
    throw new AwsError('AccessDenied', 'Not authorized to perform: sts:AssumeRole', 403);
  const expiresAtMs = nowMs + DurationSeconds * 1000;
  const sessionPolicy = parsePolicy(policy);
  const issued = credentials.issue({ roleArn: RoleArn, name: RoleSessionName, sessionPolicy, expiresAtMs });
  const { arn } = issued;
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
  const signer = verifySignedRequest(options.credentials, signed, nowMs);
  const form = new URLSearchParams(body.toString('utf8'));
  if (form.get('Action') === 'GetCallerIdentity') return callerIdentity(signer.credentials);
  return assumeRole(options, signer, form, nowMs);
};

/** STS GetCallerIdentity, and AssumeRole with inline session policies, which the other local services really enforce. */
export const startSts = (options: StsOptions): Promise<RunningPart> => {
  const server = createServer((request, response) => {
    answer(options, request)
      .then((xml) => response.writeHead(200, { 'content-type': 'text/xml' }).end(xml))
      .catch((error: unknown) => {
        const known = asAwsError(error, 'STS', STS_NAMES);
        response.writeHead(known.status, { 'content-type': 'text/xml' });
        response.end(
          `<ErrorResponse><Error><Type>Sender</Type><Code>${known.code}</Code><Message>${escapeXml(known.message)}</Message></Error><RequestId>${randomUUID()}</RequestId></ErrorResponse>`,
        );
      });
  });
  return listen(server, options.port, 'STS');
};
