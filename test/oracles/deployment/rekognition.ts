import { existsSync, readFileSync } from 'node:fs';
import { CredentialStore, type LocalCredentials } from '../../../local/aws-wire/credentials.ts';
import { startRekognition } from '../../../local/rekognition/start-rekognition.ts';
import { CREDENTIALS, REGION } from './cloud.ts';

/** Knows the temporary credentials that a cloud issued. */
class IssuedByCloud extends CredentialStore {
  readonly #file: string;

  constructor(file: string) {
    super({ accessKeyId: CREDENTIALS.AWS_ACCESS_KEY_ID, secretAccessKey: CREDENTIALS.AWS_SECRET_ACCESS_KEY });
    this.#file = file;
  }

  override find(accessKeyId: string): LocalCredentials | null {
    const lines = existsSync(this.#file) ? readFileSync(this.#file, 'utf8').trim().split('\n') : [];
    const issued: LocalCredentials | undefined = lines
      .map((line) => JSON.parse(line))
      .findLast((one) => one.accessKeyId === accessKeyId);
    // What their policies allow only the cloud knows.
    const unchecked = { expiresAtMs: null, roleArn: null, sessionPolicy: null };
    return issued === undefined ? super.find(accessKeyId) : { ...issued, ...unchecked };
  }
}

/** The project's own Rekognition, for a cloud that has none. Signatures are verified with the credentials that the cloud issued. */
export const startRekognitionFor = (sessionsFile: string) =>
  startRekognition({
    port: 0,
    credentials: new IssuedByCloud(sessionsFile),
    region: REGION,
    random: () => 0.5,
    rememberedStreams: 0,
  });
