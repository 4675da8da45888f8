import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import {
  CreateFaceLivenessSessionCommand,
  GetFaceLivenessSessionResultsCommand,
  RekognitionClient,
} from '@aws-sdk/client-rekognition';
import { rateBound } from '../../local/rekognition/calibration/scores.ts';
import { startRekognition } from '../../local/rekognition/start-rekognition.ts';
import { ATTACKS, HONEST, type Presentation } from '../support/liveness-attacks.ts';
import { recordClip } from '../support/liveness-clip.ts';
import { streamLiveness } from '../support/liveness-streamer.ts';
import { clientOf, newCredentials, ROOT } from '../support/local-aws.ts';
import { seededRandom } from '../support/seeded-random.ts';

const FILE = fileURLToPath(new URL('../../local/rekognition/liveness.md', import.meta.url));
const [BEGIN, END] = ['<!-- attacks -->\n', '<!-- /attacks -->'];
/** This many tries without an acceptance show a rate below 7 % with 95 % confidence. */
const DEFAULT_TRIES = 43;
const THRESHOLDS = [80, 90] as const;

const tries = Number(process.argv[2] ?? DEFAULT_TRIES);
if (!Number.isInteger(tries) || tries < 1) throw new Error('Usage: npm run attack [-- TRIES], a whole number above 0');

const part = await startRekognition({
  port: 0,
  credentials: newCredentials(),
  region: 'us-east-1',
  random: seededRandom(2026),
  rememberedStreams: 0,
});
// A busy machine may reuse a connection that the server has closed since then.
const client = new RekognitionClient({ ...clientOf(part.url), maxAttempts: 5 });

/** Confidence of one try, in a separate session. */
const present = async ({ challenge: Type, shotAt, clip, stream }: Presentation, seed: number): Promise<number> => {
  const command = new CreateFaceLivenessSessionCommand({ Settings: { ChallengePreferences: [{ Type }] } });
  const sessionId = (await client.send(command)).SessionId ?? '';
  await streamLiveness({
    endpoint: part.url,
    credentials: ROOT,
    sessionId,
    video: (issued) => recordClip(shotAt(issued, seed), clip),
    ...stream,
  });
  const results = await client.send(new GetFaceLivenessSessionResultsCommand({ SessionId: sessionId }));
  return results.Confidence ?? 0;
};

const percent = (value: number): string => `${(value * 100).toFixed(0)} %`;

const rowOf = async (presentation: Presentation): Promise<string> => {
  const confidences: number[] = [];
  for (let seed = 1; seed <= tries; seed += 1) confidences.push(await present(presentation, seed));
  const [low = 0, high = 0] = THRESHOLDS.map((threshold) => confidences.filter((value) => value >= threshold).length);
  const row = `| ${presentation.name} | ${tries} | ${low} | ${high} | ${percent(rateBound(low, tries))} |`;
  console.log(row);
  return row;
};

const table = async (presentations: readonly Presentation[]): Promise<string[]> => {
  const rows = [
    '| presentation | tries | accepted at 80 | at 90 | accepted at 80, below with 95 % confidence |',
    '|---|---|---|---|---|',
  ];
  for (const presentation of presentations) rows.push(await rowOf(presentation));
  return rows;
};

try {
  const lines = ['Honest:', '', ...(await table(HONEST)), '', 'Attacks:', '', ...(await table(ATTACKS)), ''];
  const text = await readFile(FILE, 'utf8');
  const [from, to] = [text.indexOf(BEGIN) + BEGIN.length, text.indexOf(END)];
  await writeFile(FILE, `${text.slice(0, from)}${lines.join('\n')}${text.slice(to)}`);
} finally {
  await part.close();
}
