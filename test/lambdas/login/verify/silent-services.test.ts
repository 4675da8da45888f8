import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { KMSClient } from '@aws-sdk/client-kms';
import { RekognitionClient } from '@aws-sdk/client-rekognition';
import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { boundedCalls, MAX_ATTEMPTS, REQUEST_TIMEOUT_MS } from '../../../../lambdas/adapters/bounded-calls.ts';
import { RekognitionEngine } from '../../../../lambdas/adapters/rekognition/rekognition-engine.ts';
import { SealedReferenceStore } from '../../../../lambdas/adapters/s3/sealed-reference-store.ts';
import { userRow } from '../../../support/inspect.ts';
import { clientOf } from '../../../support/local-aws.ts';
import { enroll, openLogin } from '../../../support/login.ts';
import { createWorld, type World } from '../../../support/world.ts';

let world: World;
/** Accepts every request and never answers. */
let silent: Server;
let url: string;
beforeAll(async () => {
  world = await createWorld();
  silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
});
afterAll(async () => {
  silent.closeAllConnections();
  silent.close();
  await world.close();
});

const SOON_MS = 40;
const options = () => ({ ...clientOf(url), ...boundedCalls(SOON_MS) });
const names = { bucket: 'faces', keyId: 'alias/faces' };

describe('T50 five logins at which a service never answers lock nobody:', () => {
  test.each([
    ['Rekognition, asked for the liveness', () => ({ faces: silentFaces('readLiveness') })],
    ['Rekognition, asked to compare', () => ({ faces: silentFaces('compare') })],
    ['KMS', () => ({ references: new SealedReferenceStore(world.s3Client, new KMSClient(options()), names) })],
    [
      'S3',
      () => ({
        references: new SealedReferenceStore(
          new S3Client({ ...options(), forcePathStyle: true }),
          world.kmsClient,
          names,
        ),
      }),
    ],
  ])('%s', async (_, replaced) => {
    const integration = await world.newIntegration();
    const sub = world.newExternalId();
    await enroll(world, integration, sub);
    const handlers = world.handlersWith(replaced());
    for (let times = 0; times < 5; times += 1) {
      const browser = await openLogin(world, integration, sub, { handlers });
      await browser.start('verify');
      expect((await browser.complete('verify', 1)).statusCode).toBe(503);
    }
    expect(await userRow(world, integration.integrationId, sub)).toMatchObject({ failures: 0, guesses: 0 });
    expect((await (await openLogin(world, integration, sub)).attempt(world, 'verify')).outcome).toBe('verified');
  });

  const silentFaces = (member: 'readLiveness' | 'compare'): World['ports']['faces'] => {
    const client = new RekognitionClient(options());
    const engine = new RekognitionEngine(client);
    return new Proxy(world.ports.faces, {
      get: (target, name) => {
        const owner = name === member ? engine : target;
        const value: unknown = Reflect.get(owner, name, owner);
        return typeof value === 'function' ? value.bind(owner) : value;
      },
    });
  };
});

test('T50 the longest time of two calls in sequence leaves a judging Lambda time to give the guess back', () => {
  const LAMBDA_SECONDS = 25;
  expect((2 * MAX_ATTEMPTS * REQUEST_TIMEOUT_MS) / 1000).toBeLessThanOrEqual(LAMBDA_SECONDS - 4);
});

test('T50 every client of the judging functions, and of housekeeping, has bounded calls', () => {
  const folder = new URL('../../../../lambdas/composition/', import.meta.url);
  const files = readdirSync(folder).filter((name) => /^(face-check|housekeeping)\.ts$/.test(name));
  expect(files).toHaveLength(2);
  for (const file of files) {
    const source = readFileSync(new URL(file, folder), 'utf8');
    const clients = source.match(/new \w+Client\([^)]*\)/g) ?? [];
    expect(clients.length).toBeGreaterThan(2);
    for (const client of clients) expect(client).toContain('boundedCalls(');
  }
});
