import { expect, test } from 'vitest';
import { LIVENESS_REGION } from '../../../local/platform/aws-resources.ts';
import { capturePageHeaders } from '../../../web/capture/security-headers.ts';
import { loopbackFetch } from '../../support/browserless-agent.ts';
import { of } from './made-world.ts';

const answerTo = (path: string, init: object = {}) => loopbackFetch(`${of().world.platform.verified}${path}`, init);

test('pages have the headers and times of the templates', async () => {
  const page = await answerTo('/capture/');
  expect(page.status).toBe(200);
  const tested = capturePageHeaders({ livenessRegion: LIVENESS_REGION, path: '/capture/' });
  expect(page.headers.get('x-frame-options')).toBe('DENY');
  expect(page.headers.get('permissions-policy')).toBe(tested['permissions-policy']);
  expect(page.headers.get('cache-control')).toBe('no-cache');
  const csp = page.headers.get('content-security-policy') ?? '';
  expect(csp.split(';')[0]).toBe(tested['content-security-policy']?.split(';')[0]);
  const script = /src="(\/capture\/assets\/[^"]+\.js)"/.exec(await page.text())?.[1] ?? '';
  expect((await answerTo(script)).headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  const config = (await (await answerTo('/portal/config.json')).json()) as object;
  expect(config).toEqual({ issuer: of().world.platform.tenant, clientId: 'verified-portal', scope: 'openid email' });
});

test('answers of the gateway itself get the headers of the templates, answers of functions keep their own', async () => {
  const unknown = await answerTo('/api/nothing');
  expect(unknown.status).toBe(404);
  expect(unknown.headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
  const own = await answerTo('/api/session');
  expect(own.headers.get('content-type')).toBe('application/problem+json');
  expect(own.headers.get('cache-control')).toBe('no-store');
});

test('a route has the rate of the templates, and the gateway answers 429 above it', async () => {
  const limits = of().world.deployment.edge({ origins: [] }).rateLimits;
  const burst = limits?.byRoute['POST /api/portal/user/photo']?.burst ?? 0;
  expect(burst).toBeGreaterThan(10);
  const statuses = await Promise.all(
    Array.from(
      // Far more than the rate adds meanwhile, however slow the machine is.
      { length: burst * 6 },
      async () => (await answerTo('/api/portal/user/photo', { method: 'POST' })).status,
    ),
  );
  expect(statuses.filter((status) => status === 401).length).toBeGreaterThanOrEqual(burst);
  expect(statuses).toContain(429);
});

test('routes of operators want a token', async () => {
  expect((await answerTo('/api/portal/me')).status).toBe(401);
  expect((await answerTo('/api/portal/me', { headers: { authorization: 'Bearer a.b.c' } })).status).toBe(401);
});
