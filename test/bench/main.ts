import { readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { FirstLoad } from '../support/first-loads.ts';
import { measureCompareStages } from './compare-stages.ts';
import { INIT_RUNS, measureLambdaBundles } from './lambda-bundles.ts';
import { measurePageBytes } from './page-bytes.ts';
import { measurePortalLists } from './portal-lists.ts';
import { measureProtocolLoad } from './protocol-load.ts';
import { measureRealLogins } from './real-logins.ts';
import { measureRekognitionLoad } from './rekognition-load.ts';
import { measureRoundTrips } from './round-trips.ts';
import { measureStartUp } from './start-up.ts';
import type { LoadResult, Sample } from './statistics.ts';
import { measureSynthesis } from './synthesis.ts';

const FILE = fileURLToPath(new URL('../../docs/benchmarks.md', import.meta.url));
const LOAD_SECONDS = 10;
const REAL_ROUNDS = 15;
const COMPARE_ROUNDS = 30;

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

const firstLoadRow = (which: string, { page, files, gzipBytes, brotliBytes }: FirstLoad): Cells => [
  `portal, first load of the ${which} page (${page}), gzip`,
  `${kilobytes(gzipBytes)} in ${files} files; ${kilobytes(brotliBytes)} by brotli`,
];

interface Section {
  /** What `npm run bench -- NAME` calls it. */
  readonly name: string;
  readonly title: string;
  readonly measure: () => Promise<string>;
}

const SECTIONS: readonly Section[] = [
  {
    name: 'load',
    title: 'The service under load',
    measure: async () => {
      const protocol = await measureProtocolLoad(LOAD_SECONDS);
      return `Handlers, DynamoDB, S3, KMS, STS and the load generator run on one machine; the face engine answers immediately. A flow is a whole
verification: open, read, start, complete, return.

${table(['', 'per second', 'floor', 'p50 ms', 'p99 ms', 'errors', 'count'], [loadRow('flows', protocol.flows, 60), loadRow('openings', protocol.opens, 240)])}`;
    },
  },
  {
    name: 'logins',
    title: 'Logins with the local face engine',
    measure: async () => {
      const logins = await measureRealLogins(REAL_ROUNDS);
      return `Time that the service adds to a login, without the seconds before the camera.

${table(['', 'p50 ms', 'p99 ms', 'count'], [sampleRow('enroll', logins.enroll), sampleRow('verify', logins.verify), sampleRow('CompareFaces, one request', logins.compareFaces), sampleRow('DetectFaces, one request', logins.detectFaces)])}`;
    },
  },
  {
    name: 'rekognition',
    title: 'The local Rekognition',
    measure: async () => {
      const { stages, whole, faceApi } = await measureCompareStages(COMPARE_ROUNDS);
      const { compareAlone, compareByFour, streams, memory } = await measureRekognitionLoad(LOAD_SECONDS);
      return `CompareFaces on two portraits of 480 pixels, both pictures, in one thread and without the network, alternating with
@vladmandic/face-api (SSD detector, tfjs-wasm) on the same pictures. The goal is to be at least five times faster.

${table(
  ['', 'p50 ms', 'p99 ms', 'count'],
  [
    sampleRow('decode', stages.decode),
    sampleRow('detect', stages.detect),
    sampleRow('landmarks', stages.landmarks),
    sampleRow('embed', stages.embed),
    sampleRow('whole', whole),
    sampleRow('face-api, whole', faceApi),
  ],
)}

face-api takes ${number(faceApi.p50Ms / whole.p50Ms, 1)} times as long.

Over the network, signed, with the server and its two face engines in processes of their own:

${table(
  ['', 'p50 ms', 'p99 ms', 'per second', 'count'],
  [
    ['CompareFaces, one client', number(compareAlone.p50Ms, 1), number(compareAlone.p99Ms, 1), '', compareAlone.count],
    [
      'CompareFaces, four clients',
      number(compareByFour.p50Ms, 1),
      number(compareByFour.p99Ms, 1),
      number(compareByFour.perSecond, 1),
      compareByFour.count,
    ],
  ],
)}

${streams.count} concurrent liveness streams of three seconds' video: ${streams.judged} judged within ${number(streams.seconds, 1)} s. The server's event loop was blocked for
at most ${number(streams.longestStallMs)} ms, of which it worked for at most ${number(streams.longestWorkMs)} ms (the goal is below 100); the rest is waiting for a processor.

Memory of the server and its face engines over ${number(memory.sessions)} sessions, five at a time. The server's clock advances a minute every 50 sessions:
${number(memory.firstMegabytes)} MB after the first 50, ${number(memory.lastMegabytes)} MB at the end, ${number(memory.megabytesPer100, 1)} MB per 100 sessions over the second half.`;
    },
  },
  {
    name: 'round-trips',
    title: 'Round trips to AWS',
    measure: async () => {
      const trips = await measureRoundTrips();
      return `Warm, on the good path.

${table(
  ['endpoint', 'calls', 'in sequence'],
  trips.map(({ endpoint, calls, inSequence }) => [endpoint, calls, inSequence]),
)}`;
    },
  },
  {
    name: 'portal',
    title: 'The portal at 100,000 users',
    measure: async () => {
      const { userCount, logins, lists, exports } = await measurePortalLists();
      return `Lists of one integration with ${number(userCount)} users and ${number(logins)} logins, in pages of 25, one request after the other. The time is measured from
the request at the handler to its checked answer, on the local DynamoDB (SQLite, in memory if the machine has a memory disk). Only the
shape applies to AWS: a deep page costs as much as the first one, and a list by state reads no rows of other states.

${table(
  ['', 'p50 ms', 'p95 ms', 'count'],
  lists.map(({ name, p50Ms, p95Ms, count }) => [name, number(p50Ms, 1), number(p95Ms, 1), count]),
)}

An export of all logins, page by page of a thousand, through the code that writes the file:

${table(
  ['', 'rows', 'rows per second'],
  exports.map(({ format, rows, perSecond }) => [format, number(rows), number(perSecond)]),
)}`;
    },
  },
  {
    name: 'bundles',
    title: 'Lambda bundles',
    measure: async () => {
      const bundles = await measureLambdaBundles();
      return `Init is the processor time from process start to the loaded handler, median of ${INIT_RUNS}, alternating with a bundle of only the same
AWS clients and with bare Node. The goal is at most 1.3 times the clients.

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
)}`;
    },
  },
  {
    name: 'synth',
    title: 'Synthesis',
    measure: async () => {
      const { coldSeconds, warmSeconds } = await measureSynthesis();
      return `\`npx cdk synth\` of one stage, with built pages.

${table(
  ['', 'seconds'],
  [
    ['whole command', number(coldSeconds, 1)],
    ['stacks alone, functions bundled before', number(warmSeconds, 2)],
  ],
)}`;
    },
  },
  {
    name: 'sizes',
    title: 'Sizes and start-up',
    measure: async () => {
      const pages = await measurePageBytes();
      const startUp = await measureStartUp();
      return table(
        ['', ''],
        [
          ['Action', kilobytes(pages.actionBytes)],
          ['capture page before the camera starts, gzip', kilobytes(pages.beforeCamera)],
          ['what the camera step adds, gzip', kilobytes(pages.withCamera)],
          firstLoadRow('lightest', pages.portal.lightest),
          firstLoadRow('heaviest', pages.portal.heaviest),
          ['`npm start` until ready, empty data', `${number(startUp.firstSeconds, 1)} s`],
          ['`npm start` until ready, again', `${number(startUp.againSeconds, 1)} s`],
        ],
      );
    },
  },
];

const HEAD = `# Benchmarks

Made by \`npm run bench\` with Node ${process.version} on ${cpus().length} cores (${cpus()[0]?.model.trim()}). Absolute times are this
machine's; compare figures of one run with each other. No test limit is based on them. To run only one section:
\`npm run bench -- bundles\` (${SECTIONS.map(({ name }) => name).join(', ')}).
`;

/** The sections of the current file, by title; those that are not measured now keep their figures. */
const currentSections = async (): Promise<ReadonlyMap<string, string>> => {
  const text = await readFile(FILE, 'utf8').catch(() => '');
  return new Map(
    text
      .split(/^## /m)
      .slice(1)
      .map((section) => {
        const end = section.indexOf('\n');
        return [section.slice(0, end).trim(), section.slice(end).trim()] as const;
      }),
  );
};

const main = async (wanted: readonly string[]): Promise<void> => {
  const unknown = wanted.filter((name) => !SECTIONS.some((section) => section.name === name));
  if (unknown.length > 0) throw new Error(`no such part of the bench: ${unknown.join(', ')}`);
  const before = await currentSections();
  const texts: string[] = [];
  for (const { name, title, measure } of SECTIONS) {
    const isWanted = wanted.length === 0 || wanted.includes(name);
    if (isWanted) process.stdout.write(`${title} …\n`);
    const text = isWanted ? await measure() : before.get(title);
    if (text === undefined) continue;
    texts.push(`## ${title}\n\n${text}\n`);
    if (isWanted) console.log(`\n${text}\n`);
  }
  await writeFile(FILE, [HEAD, ...texts].join('\n'));
};

await main(process.argv.slice(2));
