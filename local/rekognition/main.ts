import { parseArgs } from 'node:util';
import { CredentialStore } from '../aws-wire/credentials.ts';
import { StartError } from '../aws-wire/listen.ts';
import { ModelError } from './engine/models.ts';
import { describeCounting, OPTIONAL_PARTS, readUncountedParts } from './liveness/uncounted-parts.ts';
import { startRekognition } from './start-rekognition.ts';

const USAGE = `Usage: npm run rekognition -- [options]

  --port N                 port on 127.0.0.1 (default 4580; 0 for any free one)
  --region NAME            region that requests are signed for (default us-east-1)
  --access-key-id ID       the credentials that clients sign with
  --secret-access-key KEY  (defaults: LOCALREKOGNITION and local-rekognition-only)
  --s3-endpoint URL        where S3 is, for S3Object and OutputConfig; requests go there with the caller's credentials
  --threads N              processes of the face engine (default 2)
  --control-port N         opens the control endpoint for tests there (0 for any free port); without it there is none
  --centred-oval           the oval in the middle, for cameras that do not follow it
  --uncounted LIST         parts of the liveness check that do not count, for cameras that play a photo or a file:
                           ${OPTIONAL_PARTS.join(',')} (default none)
`;

/** An option that cannot be read; the usage shows how it is written. */
class UsageError extends Error {}

const wholeNumber = (text: string, name: string, min: number, max: number): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < min || value > max)
    throw new UsageError(`--${name} must be a whole number from ${min} to ${max}.`);
  return value;
};

const readOptions = () => {
  const text = (value: string) => ({ type: 'string', default: value }) as const;
  const flag = { type: 'boolean', default: false } as const;
  try {
    return parseArgs({
      options: {
        port: text('4580'),
        region: text('us-east-1'),
        'access-key-id': text('LOCALREKOGNITION'),
        'secret-access-key': text('local-rekognition-only'),
        's3-endpoint': { type: 'string' },
        threads: text('2'),
        'control-port': { type: 'string' },
        'centred-oval': flag,
        uncounted: text(''),
        help: flag,
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
};

const main = async (): Promise<void> => {
  const options = readOptions();
  if (options.help) return console.log(USAGE);
  const controlPort = options['control-port'];
  const uncountedParts = readUncountedParts(options.uncounted);
  const accessKeyId = options['access-key-id'];
  const part = await startRekognition({
    port: wholeNumber(options.port, 'port', 0, 65_535),
    portRemedy: 'another port with --port',
    region: options.region,
    credentials: new CredentialStore({ accessKeyId, secretAccessKey: options['secret-access-key'] }),
    threads: wholeNumber(options.threads, 'threads', 1, 64),
    ...(options['s3-endpoint'] === undefined ? {} : { s3Endpoint: options['s3-endpoint'] }),
    ...(controlPort === undefined ? {} : { control: { port: wholeNumber(controlPort, 'control-port', 0, 65_535) } }),
    uncountedParts,
    onWeakStream: (line) => console.log(`  ${line} (liveness.md)`),
    onBroken: (sentence) => {
      console.error(`\n  ${sentence}\n`);
      process.exit(1);
    },
    ...(options['centred-oval'] ? { random: () => 0.5 } : {}),
  });
  console.log(`
  Local Rekognition on ${part.url}: an emulator, no certified presentation attack detection;
  ${describeCounting(uncountedParts)}.

  export AWS_ENDPOINT_URL_REKOGNITION=${part.url} AWS_REGION=${options.region}
  export AWS_ACCESS_KEY_ID=${accessKeyId} AWS_SECRET_ACCESS_KEY=${options['secret-access-key']}
${part.controlUrl === null ? '' : `\n  Control endpoint for tests: ${part.controlUrl}/rules\n`}
  Ctrl-C stops it.
`);
  const stop = (): void =>
    void part.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
};

main().catch((error: unknown) => {
  if (error instanceof UsageError) console.error(`\n  ${error.message}\n\n${USAGE}`);
  else console.error(error instanceof StartError || error instanceof ModelError ? `\n  ${error.message}\n` : error);
  process.exit(1);
});
