import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import { type EpochSeconds, fromMilliseconds } from '../../../contract/protocol/epoch-seconds.ts';
import type { StreamCredentialIssuer, StreamCredentials } from '../../core/model/face-engine.ts';
import { Problem } from '../../core/model/problem.ts';

/** The shortest lifetime that STS allows (AssumeRole, API reference); the inline policy ends them earlier. */
const MIN_DURATION_SECONDS = 900;

/** The only thing a browser may do, and only until `until`; never more than the role allows. */
const streamOnlyUntil = (until: EpochSeconds): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: 'rekognition:StartFaceLivenessSession',
        Resource: '*',
        Condition: { DateLessThan: { 'aws:CurrentTime': new Date(until * 1000).toISOString() } },
      },
    ],
  });

/** Credentials for the browser's liveness stream, from a role that can do nothing else. */
export class StsStreamCredentials implements StreamCredentialIssuer {
  readonly region: string;
  readonly #sts: STSClient;
  readonly #roleArn: string;

  constructor(sts: STSClient, options: { readonly roleArn: string; readonly region: string }) {
    this.#sts = sts;
    this.#roleArn = options.roleArn;
    this.region = options.region;
  }

  async issue(sessionName: string, until: EpochSeconds): Promise<StreamCredentials> {
    const { Credentials } = await this.#sts.send(
      new AssumeRoleCommand({
        RoleArn: this.#roleArn,
        RoleSessionName: sessionName,
        DurationSeconds: MIN_DURATION_SECONDS,
        Policy: streamOnlyUntil(until),
      }),
    );
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
    if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration) {
      throw new Problem('unavailable', 'STS returned no credentials');
    }
    const expiresAt = fromMilliseconds(Math.min(Expiration.getTime(), until * 1000));
    return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken, expiresAt };
  }
}
