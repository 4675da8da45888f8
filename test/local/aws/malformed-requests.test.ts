import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEFAULT_CLAIM_NAMESPACE } from '../../../contract/protocol/claims.ts';
import { startDemoApp } from '../../../local/demo/start-demo-app.ts';
import { startDynamoDb } from '../../../local/dynamodb/start-dynamodb.ts';
import { startKms } from '../../../local/kms/start-kms.ts';
import { startMailbox } from '../../../local/mailbox/start-mailbox.ts';
import { startRekognition } from '../../../local/rekognition/start-rekognition.ts';
import { startS3 } from '../../../local/s3/start-s3.ts';
import { startSts } from '../../../local/sts/start-sts.ts';
import { startTenant } from '../../../local/tenant/start-tenant.ts';
import { newCredentials, temporaryFolder } from '../../support/local-aws.ts';
import { rawExchange } from '../../support/raw-exchange.ts';
import { createEdgeWorld } from '../edge/edge-world.ts';

const PORTS = ['edge', 's3', 'kms', 'sts', 'mailbox', 'rekognition', 'control', 'tenant', 'bank', 'dynamodb'] as const;

const urls = {} as Record<(typeof PORTS)[number], string>;
const closers: (() => Promise<void>)[] = [];

const startEdgeAndTenant = async (folder: string) => {
  const edge = await createEdgeWorld();
  const tenant = await startTenant({
    ...{ port: 0, hostname: 'tenant.localhost', folder: `${folder}/tenant` },
    ...{ actions: [], seedUsers: [], customClaims: [] },
    clients: ['face', 'password'].map((clientId) => ({
      ...{ clientId, clientSecret: 'a-secret-of-the-bank-with-32-characters', name: clientId },
      ...{ redirectUris: ['http://bank.localhost/callback'], logoutUris: [], metadata: {} },
    })),
  });
  const clientSecret = 'a-secret-of-the-bank-with-32-characters';
  const bank = await startDemoApp({
    ...{ port: 0, hostname: 'bank.localhost', issuer: tenant.issuer, claimNamespace: DEFAULT_CLAIM_NAMESPACE },
    clients: { face: { clientId: 'face', clientSecret }, password: { clientId: 'password', clientSecret } },
  });
  Object.assign(urls, { edge: edge.url, tenant: tenant.url, bank: bank.url });
  closers.push(edge.close, tenant.close, bank.close);
};

beforeAll(async () => {
  const { folder, remove } = await temporaryFolder();
  const credentials = newCredentials();
  const [s3, kms, sts, mailbox, dynamodb, rekognition] = await Promise.all([
    startS3({ port: 0, folder: `${folder}/s3`, credentials, buckets: ['faces'] }),
    startKms({ port: 0, folder: `${folder}/kms`, credentials, keys: ['alias/a'] }),
    startSts({ port: 0, credentials }),
    startMailbox({ port: 0, folder: `${folder}/mail`, credentials }),
    startDynamoDb({ port: 0, folder: `${folder}/dynamodb` }),
    startRekognition({ port: 0, credentials, region: 'us-east-1', threads: 1, control: { port: 0 } }),
    startEdgeAndTenant(folder),
  ]);
  Object.assign(urls, { s3: s3.url, kms: kms.url, sts: sts.url, mailbox: mailbox.url, dynamodb: dynamodb.url });
  Object.assign(urls, { rekognition: rekognition.url, control: rekognition.controlUrl });
  for (const part of [s3, kms, sts, mailbox, dynamodb, rekognition]) closers.push(part.close);
  closers.push(remove);
});
afterAll(async () => {
  for (const close of closers) await close();
});

const HOSTS = ['a b', '', '[::', ':80', 'a:99999', 'a/b', 'a@b', '%zz', 'a\u00e9', '<script>', '1.2.3.4.5.999'];
const TARGETS = ['/%zz', '/%', '/%ff', '/s/%c0%af', '/\u00e9', 'http://verified.localhost/', '\\', '*'];

const MALFORMED = [
  ...HOSTS.map((host) => ['GET / HTTP/1.1', `host: ${host}`]),
  ...['/s/int_1', '/api/session', '/login', '/faces/key', '/rules'].map((path) => [
    `GET ${path} HTTP/1.1`,
    'host: [::',
  ]),
  ['GET / HTTP/1.1'],
  ['GET / HTTP/1.0'],
  ['GET / HTTP/1.1', 'host: a', 'host: b'],
  ...TARGETS.map((target) => [`GET ${target} HTTP/1.1`, 'host: 127.0.0.1']),
  ['POST /%zz HTTP/1.1', 'host: 127.0.0.1', 'content-length: 0'],
  ['OPTIONS * HTTP/1.1', 'host: 127.0.0.1'],
];

describe.each(PORTS)('the port of %s', (port) => {
  test('answers every malformed request with 400, and keeps running', async () => {
    for (const head of MALFORMED) {
      const { status } = await rawExchange(urls[port], head);
      // The database is a separate program; it does not check hosts.
      if (port === 'dynamodb') expect([200, 400, 404], head.join()).toContain(status);
      else expect(status, head.join()).toBe(400);
    }
    const { status } = await rawExchange(urls[port], ['GET / HTTP/1.1', 'host: 127.0.0.1']);
    expect(status).toBeLessThan(500);
    expect(status).toBeGreaterThanOrEqual(200);
  });

  test('accepts every valid form of a host', async () => {
    for (const host of ['127.0.0.1', 'localhost:4000', 'a_b.localhost.', '[::1]:4000', 'xn--bcher-kva.example']) {
      const { body } = await rawExchange(urls[port], ['GET /nothing HTTP/1.1', `host: ${host}`]);
      expect(body, host).not.toContain('malformed');
    }
  });
});

test('a malformed request for a WebSocket is answered 400', async () => {
  const upgrade = ['connection: upgrade', 'upgrade: websocket', 'sec-websocket-version: 13', 'sec-websocket-key: AAAA'];
  for (const start of [
    ['GET /start-face-liveness-session-websocket HTTP/1.1', 'host: [::'],
    ['GET /%zz HTTP/1.1', 'host: 127.0.0.1'],
  ]) {
    expect(await rawExchange(urls.rekognition, [...start, ...upgrade])).toMatchObject({ status: 400 });
  }
});
