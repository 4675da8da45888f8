import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

// The vitest part of `npm test`. Journeys wait for pages much of the time, and a recording has to be drawn, encoded and judged in real time,
// so that no two can run at once: together they leave a third of two cores idle. The unit tests take that time: the operating system lets
// them run only while nothing else wants to.
const ROOT = fileURLToPath(new URL('../', import.meta.url));

const start = (project, stdio) =>
  spawn(process.execPath, [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', '--project', project], {
    cwd: ROOT,
    stdio,
    env: { FORCE_COLOR: process.stdout.isTTY ? '1' : '0', ...process.env },
  });

const hasPassed = async (child) => (await once(child, 'close'))[0] === 0;

/** Runs with what is left of the processor; its output is shown whole, when it has ended. */
const inIdleTime = async (project) => {
  const child = start(project, ['ignore', 'pipe', 'pipe']);
  // Whatever it starts inherits this. Where a system refuses, the tests take their share like all others.
  try {
    setPriority(child.pid, constants.priority.PRIORITY_LOW);
  } catch {}
  const [said, complained, passed] = await Promise.all([text(child.stdout), text(child.stderr), hasPassed(child)]);
  return { output: `${said}${complained}`, passed };
};

const unit = inIdleTime('unit');
const passed = [await hasPassed(start('integration', 'inherit')), await hasPassed(start('camera', 'inherit'))];
const { output, passed: unitPassed } = await unit;
process.stdout.write(output);
process.exitCode = passed.every(Boolean) && unitPassed ? 0 : 1;
