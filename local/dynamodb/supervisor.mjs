// Runs the database as a child and ends it when the parent is gone: a `kill -9` of the platform closes the IPC channel, and
// nothing may keep holding the data folder. Plain JavaScript, since it starts without a TypeScript loader.
import { spawn } from 'node:child_process';

const [, , binary, ...args] = process.argv;
const child = spawn(binary, args, { stdio: ['ignore', 'ignore', 'pipe'] });
let lastOutput = '';
child.stderr.on('data', (chunk) => {
  lastOutput = (lastOutput + chunk).slice(-2000);
});
/** Reports why, and exits once the message is sent. */
const fail = (ended) => process.send?.({ ended }, () => process.exit(1));
child.on('spawn', () => process.send?.({ pid: child.pid }));
child.on('error', (error) => fail(error.message));
child.on('close', (code, signal) =>
  fail(signal === null ? lastOutput.trim().split('\n').at(-1) || `exit code ${code}` : `signal ${signal}`),
);
process.on('disconnect', () => {
  child.removeAllListeners('close');
  child.kill('SIGKILL');
  process.exit(0);
});
// Ctrl-C reaches the whole process group; the parent decides when the database ends.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
