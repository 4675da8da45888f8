import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { HttpsWebhookSender, type Resolve } from '../../../lambdas/adapters/https/webhook-sender.ts';
import { type Destinations, publicDestinations } from '../../../lambdas/core/webhooks/destination.ts';
import { type Receiver, startReceiver } from './receiver.ts';

let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver();
});
afterAll(() => receiver.close());
beforeEach(() => {
  receiver.received.splice(0);
  receiver.status(204);
});

/** Names may use plain HTTP on any port here; each test decides on the addresses. */
const allowing = (mayConnect: (address: string) => boolean): Destinations => ({ faultOf: () => null, mayConnect });
const loopback = allowing((address) => address === '127.0.0.1');
const resolvingTo = (...addresses: readonly string[]): Resolve => {
  return async () => addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
};
const url = () => `http://hooks.example.com:${receiver.port}/verified?tenant=1`;
const post = (sender: HttpsWebhookSender, to = url()) =>
  sender.send({ url: to, headers: { 'webhook-id': 'evt_1' }, body: '{"type":"webhook.test"}' });

test('posts the body as it is and says that it was delivered', async () => {
  expect(await post(new HttpsWebhookSender(loopback, resolvingTo('127.0.0.1')))).toEqual({
    outcome: 'delivered',
    status: 204,
  });
  expect(receiver.received).toMatchObject([
    {
      path: '/verified?tenant=1',
      body: '{"type":"webhook.test"}',
      headers: {
        'webhook-id': 'evt_1',
        'content-type': 'application/json',
        host: `hooks.example.com:${receiver.port}`,
      },
    },
  ]);
});

test.each(['127.0.0.1', '10.0.0.1', '169.254.169.254', '::1', '::ffff:127.0.0.1', '64:ff9b::7f00:1'])(
  'T63 as deployed, it does not connect to a name that resolves to %s, alone or together with a public address',
  async (address) => {
    const before = receiver.connections();
    const deployed = allowing(publicDestinations.mayConnect);
    const forbidden = { outcome: 'forbidden', status: null };
    expect(await post(new HttpsWebhookSender(deployed, resolvingTo(address)))).toEqual(forbidden);
    expect(await post(new HttpsWebhookSender(deployed, resolvingTo('93.184.215.14', address)))).toEqual(forbidden);
    expect(receiver.connections()).toBe(before);
  },
);

test('T63 as deployed, it resolves no address that operators may not enter, whatever a row holds', async () => {
  const resolve: Resolve = () => Promise.reject(new Error('was resolved'));
  const sender = new HttpsWebhookSender(publicDestinations, resolve);
  for (const bad of [url(), `https://127.0.0.1:${receiver.port}/`, 'https://localhost/', 'nonsense']) {
    expect(await post(sender, bad)).toEqual({ outcome: 'forbidden', status: null });
  }
});

test('T63 for a name that resolves differently the second time (rebinding), it connects to the address that was checked', async () => {
  const trap = await startReceiver('127.0.0.2', receiver.port);
  try {
    const answers = ['127.0.0.1', '127.0.0.2', '127.0.0.2'];
    let asked = 0;
    const resolve: Resolve = async () => {
      asked += 1;
      return [{ address: answers[asked - 1] ?? '', family: 4 }];
    };
    const checked: string[] = [];
    const destinations = allowing((address) => {
      checked.push(address);
      return address === '127.0.0.1';
    });
    const sender = new HttpsWebhookSender(destinations, resolve);
    expect((await post(sender)).outcome).toBe('delivered');
    expect([asked, checked]).toEqual([1, ['127.0.0.1']]);
    expect((await post(sender)).outcome).toBe('forbidden');
    expect([receiver.received.length, trap.connections()]).toEqual([1, 0]);
  } finally {
    await trap.close();
  }
});

test('T63 follows no redirect', async () => {
  const trap = await startReceiver();
  try {
    for (const status of [301, 302, 303, 307, 308]) {
      receiver.answerWith((response) =>
        response.writeHead(status, { location: `http://127.0.0.1:${trap.port}/` }).end(),
      );
      expect(await post(new HttpsWebhookSender(loopback, resolvingTo('127.0.0.1')))).toEqual({
        outcome: 'refused',
        status,
      });
    }
    expect(trap.connections()).toBe(0);
  } finally {
    await trap.close();
  }
});

test.each([300, 400, 401, 410, 500, 503])('status %d is not a delivery', async (status) => {
  receiver.status(status);
  const sender = new HttpsWebhookSender(loopback, resolvingTo('127.0.0.1'));
  expect(await post(sender)).toEqual({ outcome: 'refused', status });
});

test('T60 reads nothing of an endless answer', async () => {
  let written = 0;
  receiver.answerWith((response) => {
    response.writeHead(200);
    const timer = setInterval(() => {
      written += 1;
      response.write('x'.repeat(1024));
    }, 1);
    response.on('close', () => clearInterval(timer));
  });
  const sender = new HttpsWebhookSender(loopback, resolvingTo('127.0.0.1'));
  expect(await post(sender)).toEqual({ outcome: 'delivered', status: 200 });
  expect(written).toBeLessThan(1000);
});

test('gives up on a receiver that does not answer, and on one that does not exist', async () => {
  receiver.answerWith(() => {});
  const impatient = new HttpsWebhookSender(loopback, resolvingTo('127.0.0.1'), 30);
  expect(await post(impatient)).toEqual({ outcome: 'timeout', status: null });
  const gone = await startReceiver();
  await gone.close();
  const sender = new HttpsWebhookSender(loopback, resolvingTo('127.0.0.1'));
  expect(await post(sender, `http://hooks.example.com:${gone.port}/`)).toEqual({
    outcome: 'unreachable',
    status: null,
  });
  const nameless = new HttpsWebhookSender(loopback, () => Promise.reject(new Error('ENOTFOUND')));
  expect(await post(nameless)).toEqual({ outcome: 'unreachable', status: null });
  expect(await post(new HttpsWebhookSender(loopback, resolvingTo()))).toEqual({ outcome: 'forbidden', status: null });
});
