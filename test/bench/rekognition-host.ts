import { monitorEventLoopDelay } from 'node:perf_hooks';
import { startRekognition } from '../../local/rekognition/start-rekognition.ts';
import { newCredentials } from '../support/local-aws.ts';

/** What the parent may ask of this process. */
export type HostRequest = { readonly ask: 'watch' | 'report' } | { readonly ask: 'advance'; readonly ms: number };
export interface HostReport {
  /** The longest time for which the event loop stood still since `watch`. */
  readonly longestStallMs: number;
}

/** How often the event loop is looked at; part of every figure of the histogram. */
const RESOLUTION_MS = 5;

let offsetMs = 0;
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delay.enable();
const part = await startRekognition({
  port: 0,
  credentials: newCredentials(),
  region: 'us-east-1',
  random: () => 0.5,
  clockMs: () => Date.now() + offsetMs,
});
process.on('message', (request: HostRequest) => {
  if (request.ask === 'watch') delay.reset();
  else if (request.ask === 'advance') offsetMs += request.ms;
  else process.send?.({ longestStallMs: Math.max(0, delay.max / 1e6 - RESOLUTION_MS) } satisfies HostReport);
});
process.on('disconnect', () => void part.close().then(() => process.exit(0)));
process.send?.(part.url);
