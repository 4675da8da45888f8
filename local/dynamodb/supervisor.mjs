// Runs the database as a child and ends it when the parent is gone: a `kill -9` of the platform closes the IPC channel, and
// nothing may go on holding the data folder. Plain JavaScript, since it starts without a TypeScript loader.
import { spawn } from 'node:child_process';

const [, , binary, ...args] = process.argv;
const child = spawn(binary, args, { stdio: ['ignore', 'ignore', 'pipe'] });
let lastWords = '';
child.stderr.on('data', (chunk) => {
  lastWords = (lastWords + chunk).slice(-2000);
});
child.on('error', (error) => {
  process.send?.({ failed: error.message });
  process.exit(1);
});
child.on('exit', (code) => {
  process.send?.({ failed: lastWords || `exit code ${code}` });
  process.exit(1);
});
process.on('disconnect', () => {
  child.removeAllListeners('exit');
  child.kill('SIGKILL');
  process.exit(0);
});
// Ctrl-C reaches the whole process group; the parent decides when the database ends.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
