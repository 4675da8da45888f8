import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ports that the operating system assigns to connections. */
const FROM = 20_000;
const TO = 32_000;

const isFree = async (port: number): Promise<boolean> => {
  const server = createServer().listen(port, '127.0.0.1');
  const isListening = await once(server, 'listening').then(
    () => true,
    () => false,
  );
  if (isListening) await new Promise((resolve) => server.close(resolve));
  return isListening;
};

/** First of `count` consecutive free ports, for a program that needs them in a row; another checkout may be under test in parallel. */
export const freePortsFrom = async (count: number): Promise<number> => {
  for (let tries = 0; tries < 100; tries += 1) {
    const first = FROM + Math.floor((Math.random() * (TO - FROM)) / count) * count;
    const row = await Promise.all(Array.from({ length: count }, (_, step) => isFree(first + step)));
    if (row.every(Boolean)) return first;
  }
  throw new Error(`no ${count} free ports in a row`);
};
