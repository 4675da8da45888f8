import { startRekognition } from '../../local/rekognition/start-rekognition.ts';
import { newCredentials } from '../support/local-aws.ts';

/** What the parent may request from this process. */
export type HostRequest = { readonly ask: 'watch' | 'report' } | { readonly ask: 'advance'; readonly ms: number };
export interface HostReport {
  /** The longest time for which the event loop was blocked since `watch`. */
  readonly longestStallMs: number;
  /** Maximum processor time that this process used in one stall. The rest of a stall is waiting for a processor. */
  readonly longestWorkMs: number;
}

const TICK_MS = 5;

let offsetMs = 0;
let report: HostReport = { longestStallMs: 0, longestWorkMs: 0 };
let last = { atMs: performance.now(), cpu: process.cpuUsage() };
setInterval(() => {
  const now = { atMs: performance.now(), cpu: process.cpuUsage() };
  const stallMs = now.atMs - last.atMs - TICK_MS;
  const usedMs = (now.cpu.user - last.cpu.user + now.cpu.system - last.cpu.system) / 1000;
  report = {
    longestStallMs: Math.max(report.longestStallMs, stallMs),
    longestWorkMs: Math.max(report.longestWorkMs, Math.min(stallMs, usedMs)),
  };
  last = now;
}, TICK_MS);
const part = await startRekognition({
  port: 0,
  credentials: newCredentials(),
  region: 'us-east-1',
  random: () => 0.5,
  clockMs: () => Date.now() + offsetMs,
});
process.on('message', (request: HostRequest) => {
  if (request.ask === 'watch') report = { longestStallMs: 0, longestWorkMs: 0 };
  else if (request.ask === 'advance') offsetMs += request.ms;
  else process.send?.(report);
});
process.on('disconnect', () => void part.close().then(() => process.exit(0)));
process.send?.(part.url);
