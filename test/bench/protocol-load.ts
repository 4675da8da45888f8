import { Browser, claimsFor, enroll, openLogin, readReturnPage, signToken } from '../support/login.ts';
import { createWorld } from '../support/world.ts';
import { type LoadResult, load } from './statistics.ts';

const WORKERS = 12;
const USERS = 200;

export interface ProtocolLoad {
  /** Open, read, start, complete and return of one login, with a face engine that answers immediately. */
  readonly flows: LoadResult;
  readonly opens: LoadResult;
}

/** How much load the service itself carries: everything is real (DynamoDB, S3, KMS, STS on loopback) except the face engine. */
export const measureProtocolLoad = async (seconds: number): Promise<ProtocolLoad> => {
  const world = await createWorld();
  try {
    const integration = await world.newIntegration();
    const users = Array.from({ length: USERS }, () => world.newExternalId());
    for (const sub of users) await enroll(world, integration, sub);
    let turn = 0;
    const nextUser = (): string => users[turn++ % USERS] ?? '';
    const flow = async (): Promise<void> => {
      const browser = await openLogin(world, integration, nextUser());
      const { outcome } = await browser.attempt(world, 'verify');
      const { payload } = await readReturnPage(world, integration, await browser.giveBack());
      if (outcome !== 'verified' || payload['res'] !== 'verified') throw new Error(`ended with ${outcome}`);
    };
    const open = async (): Promise<void> => {
      const token = await signToken(claimsFor(world, integration, nextUser()), world.keysOf(integration).request);
      const { statusCode } = await new Browser(world.handlers).open(integration.integrationId, token);
      if (statusCode !== 303) throw new Error(`opening answered ${statusCode}`);
    };
    await load(WORKERS, 1, flow);
    return { flows: await load(WORKERS, seconds, flow), opens: await load(WORKERS, seconds, open) };
  } finally {
    await world.close();
  }
};
