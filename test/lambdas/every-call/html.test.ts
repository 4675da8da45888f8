import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { escapeHtml, messagePage, returnPage } from '../../../lambdas/http/html-page.ts';
import { Browser, call, claimsFor, enroll, openLogin, signToken } from '../../support/login.ts';
import { createWorld, type World } from '../../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const PAYLOADS = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'><svg/onload=alert(1)>",
  '</title></style></script><script>alert(1)</script>',
  'javascript:alert(1)',
  '<iframe srcdoc="<script>alert(1)</script>">',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '{{constructor.constructor("alert(1)")()}}',
  '<!--<script>',
  ']]><script>alert(1)</script>',
];

/** The tags of a page: any other was injected. */
const tagsOf = (html: string): readonly string[] =>
  [...html.matchAll(/<\s*([a-z!/][^\s>]*)/gi)].map(([, name]) => String(name).toLowerCase());
const OURS = [
  '!doctype',
  'html',
  'head',
  'meta',
  'title',
  'style',
  'body',
  'main',
  'h1',
  'p',
  'small',
  'code',
  'form',
  'input',
  'button',
  'script',
];
const KNOWN = new Set(OURS.flatMap((name) => [name, `/${name}`]));

test.each(PAYLOADS)(
  'T64 %s as app, user, organization, state, path and query stays out of every page',
  async (payload) => {
    const integration = await world.newIntegration({ branding: { displayName: payload.slice(0, 80) } });
    const claims = { app: payload, sub: payload, tx: payload, cid: payload };
    const id = integration.integrationId;
    const token = await signToken(
      { ...claimsFor(world, integration, payload), ...claims },
      world.keysOf(integration).request,
    );
    const state = payload.replaceAll(' ', '+');
    const browser = new Browser(world.handlers);
    expect((await browser.open(id, token, state)).statusCode).toBe(303);
    const used = await new Browser(world.handlers).open(id, token, state);
    await browser.send('endSession', { reason: 'declined' });
    const returned = await browser.giveBack();
    const bad = await new Browser(world.handlers).open(payload, payload, payload);
    const lost = await call(world.handlers, 'returnToLogin', { pathParameters: { handle: payload } });
    const broken = world.handlersWith({
      sessions: { ...world.ports.sessions, read: () => Promise.reject(new Error(payload)) },
    });
    const failed = await call(broken, 'returnToLogin', {
      cookies: browser.cookies,
      pathParameters: { handle: browser.handle },
    });
    expect([used, returned, bad, lost, failed].map(({ statusCode }) => statusCode)).toEqual([409, 200, 400, 404, 503]);
    for (const { body = '' } of [used, returned, bad, lost, failed]) {
      expect(tagsOf(body).filter((tag) => !KNOWN.has(tag))).toEqual([]);
      expect(body.match(/<script/g)?.length ?? 0).toBe(body === returned.body ? 1 : 0);
      expect(body).not.toContain(payload);
    }
  },
);

test('T64 whatever is in an address or token of the return page, it stays within its attribute', () => {
  const hostile = fc.string({ unit: fc.constantFrom(...'<>"\'&= /\\`abc\n') });
  fc.assert(
    fc.property(hostile, hostile, hostile, (url, token, supportId) => {
      const { body = '' } = returnPage(url, 'result_token', token, supportId);
      expect(tagsOf(body).filter((tag) => !KNOWN.has(tag))).toEqual([]);
      const action = /<form id="return" method="post" action="([^"]*)">/.exec(body)?.[1];
      expect(action).toBe(escapeHtml(url));
      expect(messagePage(400, { title: url, text: token }, supportId).body).toContain(`<h1>${escapeHtml(url)}</h1>`);
    }),
  );
});

test('T64 escaping leaves no character that begins or ends markup, and loses no character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const escaped = escapeHtml(text);
      expect(/[<>"']/.test(escaped)).toBe(false);
      const back = escaped
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .replaceAll('&quot;', '"')
        .replaceAll('&#39;', "'")
        .replaceAll('&amp;', '&');
      expect(back === text).toBe(true);
    }),
  );
});

test('T69 names of inherited members are ordinary names: as External ID and as client', async () => {
  for (const name of ['__proto__', 'constructor', 'toString', 'auth0|../../x', 'a#b#c', '%00', 'x; DROP TABLE users']) {
    const integration = await world.newIntegration();
    await enroll(world, integration, name);
    const browser = await openLogin(world, integration, name, { claims: { cid: name, app: name } });
    expect((await browser.attempt(world, 'verify')).outcome).toBe('verified');
  }
});
