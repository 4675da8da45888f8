import { runInNewContext } from 'node:vm';
import { beforeAll, expect, test } from 'vitest';
import { NO_STORE_HEADERS } from '../../lambdas/http/answer-headers.ts';
import { type DistributionRules, distributionRules, KEPT_ERRORS } from '../../lib/distribution-rules.ts';
import { deployedRules } from './deployed-rules.ts';

interface EdgeRequest {
  readonly uri: string;
  readonly headers: Record<string, { readonly value: string }>;
}

/** Those of every answer; the policy allows the page's one style in addition. */
const NO_STORE_HEADERS_OF_A_PAGE = {
  ...NO_STORE_HEADERS,
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': expect.stringMatching(
    /^default-src 'none'; style-src 'sha256-[^']+';.* frame-ancestors 'none'$/,
  ),
};

let rules: DistributionRules;
beforeAll(async () => {
  rules = await deployedRules();
});

/** Runs a function of the distribution as CloudFront does: with only the event. */
const run = (
  pattern: string,
  uri: string,
  headers: EdgeRequest['headers'] = {},
): EdgeRequest & { statusCode?: number; body?: { readonly encoding: string; readonly data: string } } => {
  const { viewerRequest } = rules.behaviors.find((behavior) => behavior.pattern === pattern) ?? rules.otherwise;
  return runInNewContext(`${viewerRequest}; handler(event)`, {
    event: { version: '1.0', viewer: { ip: '203.0.113.9' }, request: { method: 'GET', uri, headers } },
  });
};

test('the deployed rules are those of the local front door', () => {
  expect(rules).toEqual(distributionRules());
});

test.each([
  ['/capture/', '/capture/index.html'],
  ['/capture/some/deep/link', '/capture/index.html'],
  ['/capture/assets/index-abc.js', '/capture/assets/index-abc.js'],
  ['/capture/models/face/model.json', '/capture/models/face/model.json'],
  ['/portal/users', '/portal/index.html'],
  ['/portal/config.json', '/portal/config.json'],
])('the path %s of a page is the file %s', (uri, file) => {
  const page = `/${uri.split('/')[1]}/*`;
  expect(run(page, uri).uri).toBe(file);
});

test.each(['/capture', '/portal'])('%s redirects to the path with the headers of its page', (uri) => {
  expect(run('otherwise', uri)).toEqual({
    statusCode: 301,
    statusDescription: 'Moved Permanently',
    headers: { location: { value: `${uri}/` } },
  });
});

test('the root leads to the portal', () => {
  expect(run('otherwise', '/')).toMatchObject({ statusCode: 302, headers: { location: { value: '/portal/' } } });
});

test.each([
  ['otherwise', '/favicon.ico'],
  ['otherwise', '/elsewhere/'],
  ['/portal/*', '/portal/robots.txt'],
  ['/portal/*', '/portal/.env'],
  ['/capture/*', '/capture/other/file.js'],
  // No page gets the headers of another.
  ['/capture/*', '/portal/../capture/x'],
])('%s %s is not found, in the service’s words and with its headers', (pattern, uri) => {
  const answer = run(pattern, uri);
  expect(answer).toMatchObject({ statusCode: 404, body: { encoding: 'text' } });
  expect(answer.body?.data).toContain('There is nothing at this address');
  const headers = Object.fromEntries(Object.entries(answer.headers).map(([name, { value }]) => [name, value]));
  expect(headers).toMatchObject(NO_STORE_HEADERS_OF_A_PAGE);
});

test('T73 a distribution has no error page of its own: it would stand in for the answers of the API, to everyone', async () => {
  // `deployedRules` accepts no member but status and caching time.
  expect(Object.values(rules.keptErrorSeconds)).toEqual(KEPT_ERRORS.map(() => 0));
});

test('a function is within the size that CloudFront accepts', () => {
  // CloudFront quotas, "Quotas on CloudFront Functions": 10 KB.
  for (const { viewerRequest } of [...rules.behaviors, rules.otherwise])
    expect(Buffer.byteLength(viewerRequest)).toBeLessThan(10_000);
});

test('T76 the API learns the viewer’s address from the distribution, not from the client', () => {
  const forged = { 'x-verified-viewer': { value: '198.51.100.1' } };
  expect(run('/api/*', '/api/session', forged).headers).toEqual({ 'x-verified-viewer': { value: '203.0.113.9' } });
});
