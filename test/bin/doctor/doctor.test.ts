import { Agent } from 'node:http';
import type { LookupFunction } from 'node:net';
import { RekognitionClient } from '@aws-sdk/client-rekognition';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { CHECKS } from '../../../bin/doctor/checks/all-checks.ts';
import { regionalClients } from '../../../bin/doctor/clients.ts';
import type { Model } from '../../../local/control-plane/model.ts';
import type { DeployedTemplate } from '../../../local/control-plane/model-of-stacks.ts';
import {
  addOperator,
  bad,
  healthy,
  look,
  REGION,
  startOperators,
  startWorld,
  synthesized,
  WHOLE,
  type World,
} from './doctor-world.ts';
import { ELSEWHERE, FAULTS, LOSSES, lose } from './faults.ts';

const ARGS = ['--stage', 'prod', '--region', REGION, '--json'];

let templates: readonly DeployedTemplate[];
let world: World;
let model: Model;
beforeAll(async () => {
  templates = await synthesized(WHOLE);
  world = await startWorld(healthy(templates));
});
afterAll(() => world.close());
beforeEach(() => {
  for (const [name, value] of Object.entries(world.environment)) vi.stubEnv(name, value);
  model = healthy(templates);
  world.show(model);
});

test('a stage that is as it was deployed has no red line, and exit code 0', async () => {
  const run = await look(ARGS);
  expect(bad(run)).toEqual([]);
  expect(run.exitCode).toBe(0);
  expect(run.findings.map(({ name }) => name)).toEqual(CHECKS.map(({ name }) => name));
});

test('every check has a planted fault', () => {
  const planted = new Set([...FAULTS.map(([name]) => name), ...ELSEWHERE]);
  expect(CHECKS.map(({ name }) => name).filter((name) => !planted.has(name))).toEqual([]);
});

describe('one fault makes one line red, with what to do, and exit code 1', () => {
  test.each(FAULTS)('%s: %s', async (name, _how, plant) => {
    plant(model);
    const run = await look(ARGS);
    expect(bad(run)).toEqual([`fault ${name}`]);
    expect(run.exitCode).toBe(1);
    const red = run.findings.find((finding) => finding.name === name);
    expect(red?.why?.length).toBeGreaterThan(15);
    expect(red?.fix?.length).toBeGreaterThan(15);
  });

  const operators = { hasStyle: true, isMfaRequired: true, isSignUpOpen: false };
  test.each([
    ['login-pages', { managedLoginVersion: 1 as const }],
    ['login-pages', { settings: { ...operators, hasStyle: false } }],
    ['operator-mfa', { settings: { ...operators, isMfaRequired: false } }],
    ['sign-up', { settings: { ...operators, isSignUpOpen: true } }],
  ])('%s, by a pool with %j', async (name, options) => {
    const { credentials } = world;
    const pool = await startOperators(model, { credentials, ...options });
    try {
      await addOperator(pool, model);
      vi.stubEnv('AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER', pool.url);
      const run = await look(ARGS);
      expect([bad(run), run.exitCode]).toEqual([[`fault ${name}`], 1]);
    } finally {
      await pool.close();
    }
  });

  test.each([
    ['nobody', null],
    ['an operator whose address is not verified', false],
  ])('operators, by a pool with %s', async (_who, isVerified) => {
    const pool = await startOperators(model, { credentials: world.credentials });
    try {
      if (isVerified !== null) await addOperator(pool, model, isVerified);
      vi.stubEnv('AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER', pool.url);
      const run = await look(ARGS);
      expect([bad(run), run.exitCode]).toEqual([['fault operators'], 1]);
    } finally {
      await pool.close();
    }
  });

  test('rekognition: its name does not resolve in a region that has none', async () => {
    // The error of a real lookup; which names exist is up to the machine's DNS.
    const lookup: LookupFunction = (_host, _options, callback) =>
      callback(Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' }), '');
    const clientsIn = regionalClients();
    const without = (region: string) => ({
      ...clientsIn(region),
      rekognition: new RekognitionClient({
        region,
        maxAttempts: 1,
        endpoint: `http://rekognition.${region}.example`,
        requestHandler: { httpAgent: new Agent({ lookup }) },
      }),
    });
    const run = await look(ARGS, without);
    expect([bad(run), run.exitCode]).toEqual([['fault rekognition'], 1]);
  });
});

test.each(LOSSES)(
  '%s %s that was deleted by hand makes red what is about it, and nothing else',
  async (type, part, checks) => {
    lose(model, type, part);
    const run = await look(ARGS);
    expect([bad(run), run.exitCode]).toEqual([checks.map((name) => `fault ${name}`), 1]);
    for (const { state, why } of run.findings)
      if (state === 'fault') expect(why).toMatch(/^AWS answers \w+ in [a-z0-9-]+\.$/);
  },
);
