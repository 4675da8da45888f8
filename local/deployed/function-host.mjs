// Runs one deployed bundle with an environment of its own, as Lambda does: events and answers are JSON. Plain JavaScript, since it starts
// without a TypeScript loader.
import { parentPort, workerData } from 'node:worker_threads';

const { handler } = await import(workerData.file);
parentPort.on('message', async ({ id, event, context }) => {
  try {
    const answer = await handler(JSON.parse(event), context);
    parentPort.postMessage({ id, answer: JSON.stringify(answer) ?? 'null' });
  } catch (error) {
    parentPort.postMessage({ id, error: String(error?.stack ?? error) });
  }
});
