import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { measureLambdaBundles } from './lambda-bundles.ts';
import { measurePageBytes } from './page-bytes.ts';
import { measureProtocolLoad } from './protocol-load.ts';
import { measureRealLogins } from './real-logins.ts';
import { measureRoundTrips } from './round-trips.ts';
import { measureStartUp } from './start-up.ts';
import type { LoadResult, Sample } from './statistics.ts';

const FILE = fileURLToPath(new URL('../../docs/benchmarks.md', import.meta.url));
const LOAD_SECONDS = 10;
const REAL_ROUNDS = 15;

type Cells = readonly (string | number)[];

const number = (value: number, digits = 0): string =>
  value.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits });
const kilobytes = (bytes: number): string => `${number(bytes / 1000, 1)} kB`;
const times = (value: number): string => `${number(value, 2)}×`;

const table = (head: Cells, rows: readonly Cells[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const loadRow = (name: string, { perSecond, p50Ms, p99Ms, errors, count }: LoadResult, floor: number): Cells => [
  name,
  number(perSecond),
  floor,
  number(p50Ms, 1),
  number(p99Ms, 1),
  errors,
  count,
];
const sampleRow = (name: string, { p50Ms, p99Ms, count }: Sample): Cells => [
  name,
  number(p50Ms, 1),
  number(p99Ms, 1),
  count,
];

const step = async <T>(title: string, measure: () => Promise<T>): Promise<T> => {
  process.stdout.write(`${title} …\n`);
  return measure();
};

const main = async (): Promise<void> => {
  const pages = await step('sizes', measurePageBytes);
  const startUp = await step('start-up', measureStartUp);
  const protocol = await step('protocol under load', () => measureProtocolLoad(LOAD_SECONDS));
  const trips = await step('round trips', measureRoundTrips);
  const logins = await step('logins with the local engine', () => measureRealLogins(REAL_ROUNDS));
  const bundles = await step('Lambda bundles', measureLambdaBundles);
  const text = `# Benchmarks

Made by \`npm run bench\` with Node ${process.version} on ${cpus().length} cores (${cpus()[0]?.model.trim()}). Absolute times are this
machine's; compare figures of one run with each other. Test limits are never set on them.

## The service under load

Handlers, DynamoDB, S3, KMS and STS on one machine, the load generator too; the face engine answers at once. A flow is a whole
verification: open, read, start, complete, return.

${table(['', 'per second', 'floor', 'p50 ms', 'p99 ms', 'errors', 'count'], [loadRow('flows', protocol.flows, 60), loadRow('openings', protocol.opens, 240)])}

## Logins with the local face engine

Time that the service adds to a login, without the seconds before the camera.

${table(['', 'p50 ms', 'p99 ms', 'count'], [sampleRow('enrol', logins.enrol), sampleRow('verify', logins.verify), sampleRow('CompareFaces, one request', logins.compareFaces), sampleRow('DetectFaces, one request', logins.detectFaces)])}

## Round trips to AWS

Warm, on the good path.

${table(
  ['endpoint', 'calls', 'in sequence'],
  trips.map(({ endpoint, calls, inSequence }) => [endpoint, calls, inSequence]),
)}

## Lambda bundles

Init is the time from process start to the loaded handler, median of nine; beside a bundle of the same AWS clients alone, and bare
Node. The goal is at most 1.3 times the clients.

${table(
  ['function', 'bundle', 'init ms', 'clients alone ms', 'bare Node ms', 'init / clients'],
  bundles.map(({ name, bytes, initMs, clientsInitMs, nodeInitMs }) => [
    name,
    kilobytes(bytes),
    number(initMs),
    number(clientsInitMs),
    number(nodeInitMs),
    times(initMs / clientsInitMs),
  ]),
)}

## Sizes and start-up

${table(
  ['', ''],
  [
    ['Action', kilobytes(pages.actionBytes)],
    ['capture page before the camera starts, gzip', kilobytes(pages.beforeCamera)],
    ['what the camera step adds, gzip', kilobytes(pages.withCamera)],
    ['`npm start` until ready, empty data', `${number(startUp.firstSeconds, 1)} s`],
    ['`npm start` until ready, again', `${number(startUp.againSeconds, 1)} s`],
  ],
)}
`;
  await writeFile(FILE, text);
  console.log(`\n${text}`);
};

await main();
