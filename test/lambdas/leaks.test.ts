import { GetObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { CompleteResponse, StartLivenessResponse } from '../../contract/api/face-check.ts';
import { ProblemDetails } from '../../contract/api/problem-details.ts';
import { SessionView } from '../../contract/api/session.ts';
import { sealPii } from '../../contract/protocol/seal-pii.ts';
import type { HttpAnswer } from '../../lambdas/http/endpoint.ts';
import { createLog } from '../../lambdas/http/log.ts';
import { rowsOf, storedFaces } from '../support/inspect.ts';
import { Browser, claimsFor, readReturnPage, signToken } from '../support/login.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(() => {
  world.log.splice(0);
});

/** A secret in the forms in which it could leak. */
const formsOf = (secret: string): readonly string[] => {
  const bytes = Buffer.from(secret);
  // Base64 of a part depends on its offset: compare the part that is common to each of the three alignments.
  const base64 = [0, 1, 2].map((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift, 'x'), bytes])
      .toString('base64')
      .replaceAll('=', '');
    return encoded.slice(shift === 0 ? 0 : 4, -4);
  });
  return [secret, bytes.toString('hex'), encodeURIComponent(secret), ...base64].filter((form) => form.length >= 8);
};
const expectAbsent = (text: string, secrets: Readonly<Record<string, string>>, place: string): void => {
  for (const [name, secret] of Object.entries(secrets)) {
    for (const form of formsOf(secret)) expect(text.includes(form), `${name} in ${place}`).toBe(false);
  }
};

/** One whole login that enrolls, one that fails and one that verifies; all answers, in order. */
const threeLogins = async () => {
  const integration = await world.newIntegration();
  const sub = 'auth0|canary-external-id-4711';
  const email = 'canary.address@example.com';
  const answers: HttpAnswer[] = [];
  const tokens: string[] = [];
  const cookies: string[] = [];
  const results: Record<string, unknown>[] = [];
  for (const person of ['canary-face-of-alice', 'canary-face-of-mallory', 'canary-face-of-alice']) {
    const claims = claimsFor(world, integration, sub);
    const pii = sealPii({ email, name: 'Canary Personname' }, world.keysOf(integration).pii, claims.jti);
    const token = await signToken({ ...claims, pii }, world.keysOf(integration).request);
    tokens.push(token);
    const browser = new Browser(world.handlers);
    answers.push(await browser.open(integration.integrationId, token, 'canary-auth0-state'));
    cookies.push(browser.cookies[0]?.split('.').at(-1) ?? '');
    const first = await browser.send('readSession');
    answers.push(first, await browser.send('readSession', undefined, { origin: 'https://evil.example' }));
    const task = JSON.parse(first.body ?? '').task;
    const started = await browser.start(task, task === 'enroll' ? '2026-11' : undefined);
    answers.push(started);
    world.faces.play(JSON.parse(started.body ?? '').livenessSessionId, { person, confidence: 97.654321 });
    answers.push(await browser.complete(task, 1), await browser.complete(task, 2), await browser.complete(task, 1));
    if (person.includes('mallory')) answers.push(await browser.send('endSession', { reason: 'declined' }));
    answers.push(await browser.giveBack());
    const page = await readReturnPage(world, integration, answers.at(-1) as HttpAnswer);
    results.push(page.payload as Record<string, unknown>);
    tokens.push(page.token);
  }
  answers.push(
    await new Browser(world.handlers).open(integration.integrationId, tokens[0] ?? '', 'canary-auth0-state'),
  );
  return { integration, sub, email, answers, tokens, cookies, results };
};

test('the search for canaries finds them, in clear and encoded', () => {
  const secrets = { face: 'canary-face-of-alice' };
  for (const encoding of ['utf8', 'base64', 'base64url', 'hex'] as const) {
    const text = Buffer.from('{"person":"canary-face-of-alice"}').toString(encoding);
    expect(() => expectAbsent(text, secrets, 'here'), encoding).toThrow();
  }
  expect(() => expectAbsent('nothing here', secrets, 'here')).not.toThrow();
});

test('T71 T72 only codes, outcomes and support ids of a login reach a log line', async () => {
  const { integration, sub, email, tokens, cookies } = await threeLogins();
  const lines = world.log.map((line) => JSON.stringify(line));
  expect(lines.length).toBeGreaterThan(15);
  const keys = world.keysOf(integration);
  expectAbsent(
    lines.join('\n'),
    {
      sub,
      email,
      name: 'Canary Personname',
      state: 'canary-auth0-state',
      secret: integration.sessionSecret,
      request: keys.request,
      result: keys.result,
      pii: keys.pii,
      alice: 'canary-face-of-alice',
      mallory: 'canary-face-of-mallory',
      score: '97.654321',
      ...Object.fromEntries([...tokens, ...cookies].map((value, index) => [`token ${index}`, value])),
    },
    'log',
  );
  for (const { fields } of world.log) {
    for (const value of Object.values(fields)) expect(String(value).length).toBeLessThan(100);
  }
});

test('T71 T72 answers hold no face, address, External ID, key or score; cookie and token are only where they belong', async () => {
  const { integration, sub, email, answers, tokens, cookies } = await threeLogins();
  const keys = world.keysOf(integration);
  for (const { headers, body = '' } of answers) {
    const text = `${JSON.stringify(headers)}${body}`.replaceAll(/[\w-]+\.[\w-]+\.[\w-]+/g, (match) =>
      tokens.includes(match) ? '' : match,
    );
    expectAbsent(
      text,
      {
        sub,
        email,
        name: 'Canary Personname',
        secret: integration.sessionSecret,
        ...keys,
        alice: 'canary-face-of-alice',
        score: '97.654321',
        ...Object.fromEntries(cookies.map((value, index) => [`cookie ${index}`, value])),
        ...Object.fromEntries(
          tokens.filter((_, at) => at % 2 === 0).map((value, at) => [`session token ${at}`, value]),
        ),
      },
      'answer',
    );
  }
});

test('T72 T74 the tables hold neither faces nor addresses nor secrets; the bucket holds sealed bytes only', async () => {
  const { integration, email, tokens, cookies } = await threeLogins();
  const keys = world.keysOf(integration);
  const secrets = {
    email,
    name: 'Canary Personname',
    secret: integration.sessionSecret,
    ...keys,
    alice: 'canary-face-of-alice',
    mallory: 'canary-face-of-mallory',
    score: '97.654321',
    ...Object.fromEntries([...tokens, ...cookies].map((value, index) => [`token ${index}`, value])),
  };
  const tables = Object.keys(world.tables) as (keyof typeof world.tables)[];
  for (const table of tables) expectAbsent(JSON.stringify(await rowsOf(world, table)), secrets, table);
  for (const Key of await storedFaces(world)) {
    const { Body } = await world.s3Client.send(new GetObjectCommand({ Bucket: 'faces', Key }));
    const bytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
    expectAbsent(bytes.toString('latin1'), secrets, 'bucket');
    expect(bytes.length).toBeGreaterThan(28);
  }
});

test('T44 T74 the key of a face does not outlive the login in its session row', async () => {
  const { integration } = await threeLogins();
  for (const row of await rowsOf(world, 'SESSION_TABLE', integration.integrationId)) {
    expect(row).not.toHaveProperty('reference');
    expect(JSON.stringify(row)).not.toContain('wrappedKey');
  }
});

test('T43 no schema of an answer has a place for a score, and no result token carries one', async () => {
  const answers = [SessionView, StartLivenessResponse, CompleteResponse, ProblemDetails];
  const members = answers.flatMap((schema) => [...JSON.stringify(z.toJSONSchema(schema)).matchAll(/"(\w+)":/g)]);
  for (const [, member] of members) {
    expect(member).not.toMatch(
      /score|confidence|similarity|embedding|vector|descriptor|threshold|landmark|quality|band/i,
    );
  }
  const { results } = await threeLogins();
  expect(results).toHaveLength(3);
  for (const result of results) {
    const allowed = [
      'v',
      'use',
      'iss',
      'sub',
      'aud',
      'state',
      'iat',
      'exp',
      'jti',
      'tx',
      'ref',
      'cid',
      'res',
      'event',
      'vat',
    ];
    expect(Object.keys(result).sort()).toEqual(allowed.sort());
  }
});

test('T71 the error message of a library is not logged: it may quote the input', async () => {
  const broken = world.handlersWith({
    integrations: { read: () => Promise.reject(new TypeError('canary-message with a secret in it')) },
  });
  const integration = await world.newIntegration();
  const token = await signToken(claimsFor(world, integration, 'auth0|a'), world.keysOf(integration).request);
  const answer = await new Browser(broken).open(integration.integrationId, token);
  expect(answer.body).not.toContain('canary-message');
  expect(JSON.stringify(world.log)).not.toContain('canary-message');
  expect(world.log.at(-1)).toMatchObject({
    code: 'internal-error',
    fields: { reason: 'unexpected', errorName: 'TypeError' },
  });
});

test('T69 a log line is one line of JSON, whatever its values', () => {
  const written: string[] = [];
  const stdout = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    written.push(String(chunk));
    return true;
  });
  const info = vi.spyOn(console, 'info').mockImplementation((line) => void written.push(`${line}\n`));
  createLog('test')('a-code', { supportId: 'x\r\n{"level":"INFO","message":"forged"}' });
  stdout.mockRestore();
  info.mockRestore();
  const lines = written.join('').trim().split('\n');
  expect(lines).toHaveLength(1);
  for (const line of lines) expect(JSON.parse(line)).toMatchObject({ message: 'a-code' });
});
