import { beforeAll, describe, expect, test } from 'vitest';
import { SESSION_HANDLE_HEADER } from '../../../contract/api/session-handle.ts';
import { type DistributionRules, KEPT_ERRORS } from '../../../lib/distribution-rules.ts';
import { deployedRules } from '../../lib/deployed-rules.ts';
import { openLogin } from '../../support/login.ts';
import { createWorld } from '../../support/world.ts';
import { createEdgeWorld, type EdgeWorld } from './edge-world.ts';

let deployed: DistributionRules;
beforeAll(async () => {
  deployed = await deployedRules();
});

const withEdge = async (options: Parameters<typeof createEdgeWorld>[0], use: (edge: EdgeWorld) => Promise<void>) => {
  const edge = await createEdgeWorld(options);
  try {
    await use(edge);
  } finally {
    await edge.close();
  }
};

/** The status that the request's cookie names, with the headers of the service's own errors. */
const asCookieSays = ({ cookies = [] }: { cookies?: string[] }) => ({
  statusCode: Number(cookies[0]?.split('=')[1] ?? 200),
  headers: { 'cache-control': 'no-store', 'content-type': 'application/problem+json' },
  body: '{}',
});

describe('as deployed', () => {
  test.each(KEPT_ERRORS)('T73 a %i for one user is not served to anyone else', (status) =>
    withEdge({ rules: deployed, answer: asCookieSays }, async (edge) => {
      for (const target of ['/api/session', '/s/int_1?state=x']) {
        const ask = (wanted: number) => edge.ask('GET', target, { headers: { cookie: `status=${wanted}` } });
        expect((await ask(200)).status).toBe(200);
        expect((await ask(status)).status).toBe(status);
        expect((await ask(200)).status).toBe(200);
      }
    }),
  );

  test('T73 a stranger without a cookie does not end the login of a user who reads the same address', async () => {
    const world = await createWorld();
    const { session } = world.handlers;
    await withEdge({ rules: deployed, answer: (event) => session(event, {}) }, async (edge) => {
      const integration = await world.newIntegration();
      const browser = await openLogin(world, integration, world.newExternalId());
      const headers = { cookie: browser.cookies.join('; '), [SESSION_HANDLE_HEADER]: browser.handle };
      expect((await edge.ask('GET', '/api/session', { headers })).status).toBe(200);
      expect((await edge.ask('GET', '/api/session')).status).toBe(404);
      expect((await edge.ask('GET', '/api/session', { headers })).status).toBe(200);
    });
    await world.close();
  });
});

describe('a distribution without rules for errors', () => {
  const silent = () => ({ ...deployed, keptErrorSeconds: {} });

  test.each(KEPT_ERRORS)('caches a %i for ten seconds, for everyone, whatever its own headers say', (status) =>
    withEdge({ rules: silent(), answer: asCookieSays }, async (edge) => {
      const ask = (target: string, wanted: number) =>
        edge.ask('GET', target, { headers: { cookie: `status=${wanted}` } });
      expect((await ask('/s/int_1?state=a', status)).status).toBe(status);
      expect(await ask('/s/int_1?state=b', 200)).toMatchObject({
        status,
        headers: { 'x-cache': 'Error from cloudfront' },
      });
      expect((await ask('/s/int_2?state=a', 200)).status).toBe(200);
      edge.advance(9_999);
      expect((await ask('/s/int_1?state=b', 200)).status).toBe(status);
      edge.advance(1);
      expect((await ask('/s/int_1?state=b', 200)).status).toBe(200);
    }),
  );

  test('caches the bucket’s refusals too, but no answer to a POST and no status that CloudFront does not cache', () =>
    withEdge({ rules: silent(), answer: asCookieSays }, async (edge) => {
      await edge.ask('GET', '/portal/assets/gone.js');
      expect((await edge.ask('GET', '/portal/assets/gone.js')).headers).toHaveProperty('x-cache');
      const post = (wanted: number) =>
        edge.ask('POST', '/api/session/end', { headers: { cookie: `status=${wanted}` } });
      expect((await post(503)).status).toBe(503);
      expect((await post(200)).status).toBe(200);
      const get = (wanted: number) => edge.ask('GET', '/api/session', { headers: { cookie: `status=${wanted}` } });
      expect((await get(429)).status).toBe(429);
      expect((await get(200)).status).toBe(200);
    }));
});
