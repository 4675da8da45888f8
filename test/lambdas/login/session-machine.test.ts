import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rowsOf } from '../../support/inspect.ts';
import { enroll, openLogin } from '../../support/login.ts';
import { newModel, type RealSession, read, sessionCommands, TIMEOUT_SECONDS } from '../../support/session-commands.ts';
import { createWorld, type World } from '../../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

test.each(['enroll', 'verify'] as const)(
  'T20 whatever a browser calls in whatever order, a session to %s follows its rules, and is recorded once',
  async (task) => {
    const lockout = { enabled: false, maxFailedAttempts: 10, windowSeconds: 86_400, lockSeconds: 1800 };
    const integration = await world.newIntegration({ lockout, sessionTimeoutSeconds: TIMEOUT_SECONDS });
    let logins = 0;
    await fc.assert(
      fc.asyncProperty(sessionCommands, async (sequence) => {
        const sub = world.newExternalId();
        if (task === 'verify') await enroll(world, integration, sub);
        const browser = await openLogin(world, integration, sub);
        const model = newModel(world.now());
        const real: RealSession = { world, browser, integration, sub, task, livenessIds: new Map() };
        await fc.asyncModelRun(() => ({ model, real }), sequence);
        await read.run(model, real);
        logins += 1;
        const records = await rowsOf(world, 'TRANSACTION_TABLE', integration.integrationId);
        const own = records.filter(({ externalId, task: recorded }) => externalId === sub && recorded === task);
        expect(own).toHaveLength(model.outcome === null ? 0 : 1);
      }),
      { numRuns: 25 },
    );
    expect(logins).toBeGreaterThanOrEqual(25);
  },
);
