import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MAX_BODY_BYTES, MAX_LONG_BODY_BYTES } from '../../../contract/api/body-limits.ts';
import { CONSENT_TEXT_MAX_LENGTH, URL_MAX_LENGTH } from '../../../contract/api/text.ts';
import { openLogin } from '../../support/login.ts';
import { createPortal, OPTIONS, type Portal, withIntegration } from '../portal/portal-world.ts';
import { wireCallsOf } from '../portal/wire-calls.ts';

let portal: Portal;
let own: Awaited<ReturnType<typeof withIntegration>>;
let calls: ReturnType<typeof wireCallsOf>;
beforeAll(async () => {
  portal = await createPortal();
  own = await withIntegration(portal, 'olivia');
  calls = wireCallsOf(portal, 'olivia', own.path);
});
afterAll(() => portal.world.close());

test.each(['test', 'delete', 'secrets'])('a webhook whose id is longer than a key is unknown: /%s', async (act) => {
  const name =
    ({ test: 'portalTestWebhook', delete: 'portalDeleteWebhook' } as const)[act] ?? 'portalRotateWebhookSecret';
  const path = { webhookId: `wh_${'0'.repeat(1100)}` };
  const { status, body } = await calls.send(name, { path, body: Buffer.from('{"generation":1,"overlapSeconds":0}') });
  expect([status, body.code]).toEqual([404, 'not-found']);
});

describe('limits are consistent', () => {
  const text = 'あ'.repeat(CONSENT_TEXT_MAX_LENGTH);
  const options = () => ({
    ...OPTIONS,
    consent: { ...OPTIONS.consent, text },
    branding: { displayName: '銀'.repeat(80), supportUrl: `https://example.com/${'ü'.repeat(URL_MAX_LENGTH - 20)}` },
  });
  /** As written by libraries that use only ASCII, such as Python's. */
  const inAscii = (value: object) =>
    Buffer.from(
      JSON.stringify(value).replace(
        /[^\x20-\x7e]/g,
        (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
      ),
    );
  test('the longest consent is accepted in Japanese, in UTF-8 and in escapes', async () => {
    expect((await calls.post('portalAddIntegration', { options: options() })).status).toBe(200);
    expect((await calls.post('portalAddIntegration', inAscii({ options: options() }))).status).toBe(200);
    const consent = { ...OPTIONS.consent, version: '2', text };
    expect((await calls.post('portalEditIntegration', inAscii({ options: { consent } }))).status).toBe(200);
  });
  test('one character more is refused by name', async () => {
    const consent = { ...OPTIONS.consent, version: '3', text: `${text}あ` };
    const { status, body } = await calls.post('portalEditIntegration', { options: { consent } });
    expect([status, body.errors[0].pointer]).toEqual([400, '#/options/consent/text']);
  });
  test('docs/problems.md says how large bodies may be', async () => {
    const written = await readFile(new URL('../../../docs/problems.md', import.meta.url), 'utf8');
    for (const bytes of [MAX_BODY_BYTES, MAX_LONG_BODY_BYTES]) expect(written).toContain(bytes.toLocaleString('en-US'));
  });
});

test.each(['\u0000en', 'e n', 'en-', 'e', 'en\u202e', 'x'.repeat(9)])(
  '%j is not a language of a consent',
  async (locale) => {
    const { world } = portal;
    const login = await openLogin(world, own, world.newExternalId());
    const answer = await login.send('startEnrollLiveness', { consent: { version: OPTIONS.consent.version, locale } });
    expect(answer.statusCode).toBe(400);
  },
);

describe('an edit that changes nothing is not recorded', () => {
  test.each([
    ['portalEditIntegration', { options: {} }],
    ['portalEditAccount', {}],
    ['portalEditWebhook', {}],
  ] as const)('%s', async (name, body) => {
    const hook = { url: 'https://hooks.example.com/verified', events: ['user.enrolled'] };
    const { webhookId } = (await calls.post('portalAddWebhook', hook)).body;
    const acts = async () => (await calls.get('portalAudit', 'limit=1')).body.entries[0].entryId;
    const before = await acts();
    const path = { ...own.path, webhookId };
    expect((await calls.send(name, { path, body: Buffer.from(JSON.stringify(body)) })).status).toBe(200);
    expect(await acts()).toBe(before);
  });
});
