import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { VARIABLE } from './moved-clock.cjs';

const PRELOAD = fileURLToPath(new URL('./moved-clock.cjs', import.meta.url));
const AHEAD_MS = 400 * 86_400_000;
/** More than a machine needs to start a process, less than a day. */
const NEAR_MS = 3_600_000;

/** Prints each clock of a process, and of those that it starts. */
const CLOCKS = `
const { once } = require('node:events');
const { createServer } = require('node:http');
const { execFileSync } = require('node:child_process');
const { Worker } = require('node:worker_threads');
const say = 'String(Date.now())';
(async () => {
  const server = createServer((request, response) => response.end()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const answer = await fetch('http://127.0.0.1:' + server.address().port);
  const [ofWorker] = await once(new Worker('require("node:worker_threads").parentPort.postMessage(' + say + ')', { eval: true }), 'message');
  const ofChild = execFileSync(process.execPath, ['-p', say]).toString();
  const later = new (class extends Date {})();
  console.log(JSON.stringify({
    now: Date.now(),
    made: new Date().getTime(),
    text: Date.parse(Date()),
    extended: later.getTime(),
    header: Date.parse(answer.headers.get('date')),
    worker: Number(ofWorker),
    child: Number(ofChild),
    given: new Date(5).getTime(),
    isDate: later instanceof Date && new Date() instanceof Date,
  }));
  server.close();
})();
`;

test('every clock of a process and of what it starts is moved, and explicit times stay', async () => {
  const env = { ...process.env, NODE_OPTIONS: `--require "${PRELOAD}"`, [VARIABLE]: String(AHEAD_MS) };
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', CLOCKS], { env });
  const { given, isDate, ...clocks } = JSON.parse(stdout);
  const expected = Date.now() + AHEAD_MS - Number(process.env[VARIABLE] ?? 0);
  for (const [name, ms] of Object.entries(clocks)) expect(Math.abs(Number(ms) - expected), name).toBeLessThan(NEAR_MS);
  expect({ given, isDate }).toEqual({ given: 5, isDate: true });
});
