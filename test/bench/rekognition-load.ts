import { type ChildProcess, execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  CompareFacesCommand,
  CreateFaceLivenessSessionCommand,
  GetFaceLivenessSessionResultsCommand,
  RekognitionClient,
} from '@aws-sdk/client-rekognition';
import { portrait } from '../support/face-photos.ts';
import { approaching, recordClip } from '../support/liveness-clip.ts';
import { streamLiveness } from '../support/liveness-streamer.ts';
import { clientOf, ROOT } from '../support/local-aws.ts';
import type { HostReport, HostRequest } from './rekognition-host.ts';
import { type LoadResult, load, type Sample, sampleOf, timed } from './statistics.ts';

export interface RekognitionLoad {
  readonly compareAlone: Sample;
  readonly compareByFour: LoadResult;
  readonly streams: {
    readonly count: number;
    readonly judged: number;
    readonly seconds: number;
    /** Of the server's event loop. */
    readonly longestStallMs: number;
    /** Maximum processor time of the server in one stall. */
    readonly longestWorkMs: number;
  };
  readonly memory: {
    readonly sessions: number;
    /** Of the server and its face engines together. */
    readonly firstMegabytes: number;
    readonly lastMegabytes: number;
    /** Slope of a straight line through the second half of the readings. */
    readonly megabytesPer100: number;
  };
}

const STREAMS = 20;
const SESSIONS = 1000;
const READ_EVERY = 50;
const LANES = 5;
/** Sessions end after three minutes; between two readings a minute passes, so that old ones are really removed. */
const ADVANCE_MS = 60_000;
const COMPARISONS = 30;

/** The server in a separate process: what its clients do here does not stall it. */
class Host {
  readonly url: string;
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, url: string) {
    this.#process = process;
    this.url = url;
  }

  static async start(): Promise<Host> {
    const file = fileURLToPath(new URL('./rekognition-host.ts', import.meta.url));
    const process = fork(file, { execArgv: ['--import', 'tsx'] });
    const [url] = await once(process, 'message');
    return new Host(process, String(url));
  }

  tell(request: HostRequest): void {
    this.#process.send(request);
  }

  async report(): Promise<HostReport> {
    this.tell({ ask: 'report' });
    const [report] = await once(this.#process, 'message');
    return report as HostReport;
  }

  /** Resident memory of the server and the processes that it started. */
  async megabytes(): Promise<number> {
    const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,rss=']);
    const rows = stdout
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/).map(Number));
    const processes = rows.filter(([pid, parent]) => pid === this.#process.pid || parent === this.#process.pid);
    return processes.reduce((sum, [, , kilobytes = 0]) => sum + kilobytes, 0) / 1024;
  }

  async stop(): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#process.disconnect();
    await ended;
  }
}

const slopeOf = (readings: readonly number[]): number => {
  const middle = (readings.length - 1) / 2;
  const mean = readings.reduce((sum, value) => sum + value, 0) / readings.length;
  const [over, under] = readings.reduce(
    ([a, b], value, index) => [a + (index - middle) * (value - mean), b + (index - middle) ** 2] as const,
    [0, 0] as readonly [number, number],
  );
  return over / under;
};

const runSession = async (url: string, client: RekognitionClient, video: Buffer, offsetMs: number) => {
  const { SessionId = '' } = await client.send(new CreateFaceLivenessSessionCommand({}));
  await streamLiveness({ endpoint: url, credentials: ROOT, sessionId: SessionId, video, systemClockOffset: offsetMs });
  return client.send(new GetFaceLivenessSessionResultsCommand({ SessionId }));
};

const measureMemory = async (host: Host): Promise<RekognitionLoad['memory']> => {
  const video = await recordClip(approaching('A again', { fromMs: 200, toMs: 700 }), { ms: 1000 });
  const readings: number[] = [];
  for (let offsetMs = 0; readings.length < SESSIONS / READ_EVERY; offsetMs += ADVANCE_MS) {
    const client = new RekognitionClient({ ...clientOf(host.url), systemClockOffset: offsetMs });
    const lane = async (): Promise<void> => {
      for (let index = 0; index < READ_EVERY / LANES; index += 1) await runSession(host.url, client, video, offsetMs);
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    client.destroy();
    readings.push(await host.megabytes());
    host.tell({ ask: 'advance', ms: ADVANCE_MS });
  }
  const settled = readings.slice(readings.length / 2);
  return {
    sessions: SESSIONS,
    firstMegabytes: readings[0] ?? Number.NaN,
    lastMegabytes: readings.at(-1) ?? Number.NaN,
    megabytesPer100: slopeOf(settled) * (100 / READ_EVERY),
  };
};

const measureStreams = async (host: Host, client: RekognitionClient): Promise<RekognitionLoad['streams']> => {
  const video = await recordClip(approaching('A again'));
  await runSession(host.url, client, video, 0);
  host.tell({ ask: 'watch' });
  const { value, ms } = await timed(() =>
    Promise.all(Array.from({ length: STREAMS }, () => runSession(host.url, client, video, 0))),
  );
  // One recording for all: every stream except the first is a replay. Its picture shows that it was judged nevertheless.
  const judged = value.filter(({ Status, ReferenceImage }) => Status === 'SUCCEEDED' && ReferenceImage).length;
  return { count: STREAMS, judged, seconds: ms / 1000, ...(await host.report()) };
};

/** The local Rekognition over the wire: comparisons, many concurrent streams, and its memory over a thousand sessions. */
export const measureRekognitionLoad = async (seconds: number): Promise<RekognitionLoad> => {
  const host = await Host.start();
  try {
    const client = new RekognitionClient(clientOf(host.url));
    const [a, b] = await Promise.all([portrait('A'), portrait('A again')]);
    const compare = async (): Promise<void> => {
      const command = new CompareFacesCommand({ SourceImage: { Bytes: a }, TargetImage: { Bytes: b } });
      if ((await client.send(command)).FaceMatches?.length !== 1) throw new Error('no match');
    };
    await compare();
    const alone: number[] = [];
    for (let index = 0; index < COMPARISONS; index += 1) alone.push((await timed(compare)).ms);
    const compareByFour = await load(4, seconds, compare);
    const streams = await measureStreams(host, client);
    return { compareAlone: sampleOf(alone), compareByFour, streams, memory: await measureMemory(host) };
  } finally {
    await host.stop();
  }
};
