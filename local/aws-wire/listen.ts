import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { refuseMalformedRequests } from './refuse-malformed.ts';

export interface RunningPart {
  /** e.g. `http://127.0.0.1:4003` */
  readonly url: string;
  close(): Promise<void>;
}

/** A part that could not start, explained in one sentence for the terminal. */
export class StartError extends Error {
  constructor(sentence: string, options?: { cause?: unknown }) {
    super(sentence, options);
    this.name = 'StartError';
  }
}

/**
 * Starts `server` on loopback, behind a check of each request's host and target.
 * @param port 0 for any free one
 * @param remedy how to choose another port, for the error message if it is taken
 * @throws StartError if the port is taken
 */
export const listen = async (
  server: Server,
  port: number,
  part: string,
  remedy = 'other ports with VERIFIED_PORT',
): Promise<RunningPart> => {
  refuseMalformedRequests(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = `Port ${port} for ${part} is taken: stop the program that uses it, or choose ${remedy}.`;
      reject(error.code === 'EADDRINUSE' ? new StartError(taken) : error);
    });
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
