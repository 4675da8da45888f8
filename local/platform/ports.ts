import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

/** The five ports that users and programs connect to; the other servers take any port. */
export interface Ports {
  readonly bank: number;
  readonly verified: number;
  readonly tenant: number;
  readonly rekognition: number;
  readonly mailbox: number;
}

/** @param first first of five consecutive ports; 0 for any free ones */
export const choosePorts = async (first: number): Promise<Ports> => {
  const ports =
    first === 0 ? await Promise.all([0, 1, 2, 3, 4].map(freePort)) : [0, 1, 2, 3, 4].map((step) => first + step);
  const [bank = 0, verified = 0, tenant = 0, rekognition = 0, mailbox = 0] = ports;
  return { bank, verified, tenant, rekognition, mailbox };
};
