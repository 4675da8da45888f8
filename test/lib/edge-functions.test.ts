import { runInNewContext } from 'node:vm';
import { beforeAll, expect, test } from 'vitest';
import { type DistributionRules, distributionRules } from '../../lib/distribution-rules.ts';
import { deployedRules } from './deployed-rules.ts';

interface EdgeRequest {
  readonly uri: string;
  readonly headers: Record<string, { readonly value: string }>;
}

let rules: DistributionRules;
beforeAll(async () => {
  rules = await deployedRules();
});

/** Runs a function of the distribution as CloudFront does: with only the event. */
const run = (
  pattern: string,
  uri: string,
  headers: EdgeRequest['headers'] = {},
): EdgeRequest & { statusCode?: number } => {
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

test('there is nothing at the root, and no page gets the headers of another', () => {
  expect(run('otherwise', '/').statusCode).toBe(404);
  expect(run('/capture/*', '/portal/../capture/x').statusCode).toBe(404);
});

test('T76 the API learns the viewer’s address from the distribution, not from the client', () => {
  const forged = { 'x-verified-viewer': { value: '198.51.100.1' } };
  expect(run('/api/*', '/api/session', forged).headers).toEqual({ 'x-verified-viewer': { value: '203.0.113.9' } });
});
