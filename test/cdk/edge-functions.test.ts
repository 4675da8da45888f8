import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readSettings } from '../../lib/settings.ts';
import { DataStack } from '../../lib/stacks/data-stack.ts';
import { WebStack } from '../../lib/stacks/web-stack.ts';
import { createApp } from '../../lib/verified-app.ts';

interface EdgeRequest {
  readonly uri: string;
  readonly headers: Record<string, { readonly value: string }>;
}

let folder: string;
let codeOf: (comment: string) => string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'verified-edge-'));
  await mkdir(join(folder, 'page/assets'), { recursive: true });
  const app = createApp(join(folder, 'out'));
  const page = {
    name: 'capture',
    folder: join(folder, 'page'),
    headers: { 'content-security-policy': "default-src 'none'" },
  };
  const web = new WebStack(app, 'Web', {
    settings: readSettings(() => undefined),
    data: new DataStack(app, 'Data', {}),
    pages: [page],
    webAclArn: null,
  });
  const functions = Object.values(Template.fromStack(web).findResources('AWS::CloudFront::Function'));
  codeOf = (comment) => {
    const found = functions.find(({ Properties }) => String(Properties['FunctionConfig'].Comment).includes(comment));
    return String(found?.['Properties']['FunctionCode']);
  };
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs a function of the distribution as CloudFront does: nothing around it but the event. */
const run = (
  comment: string,
  uri: string,
  headers: EdgeRequest['headers'] = {},
): EdgeRequest & { statusCode?: number } =>
  runInNewContext(`${codeOf(comment)}; handler(event)`, {
    event: { version: '1.0', viewer: { ip: '203.0.113.9' }, request: { method: 'GET', uri, headers } },
  });

test.each([
  ['/capture/', '/capture/index.html'],
  ['/capture', '/capture/index.html'],
  ['/capture/some/deep/link', '/capture/index.html'],
  ['/capture/assets/index-abc.js', '/capture/assets/index-abc.js'],
  ['/capture/models/face/model.json', '/capture/models/face/model.json'],
])('the path %s of a page is the file %s', (uri, file) => {
  expect(run('one document', uri).uri).toBe(file);
});

test('there is nothing at the root', () => {
  expect(run('one document', '/').statusCode).toBe(404);
});

test('T76 the API learns the viewer’s address from the distribution, not from the client', () => {
  const forged = { 'x-verified-viewer': { value: '198.51.100.1' } };
  expect(run('address of the viewer', '/api/session', forged).headers).toEqual({
    'x-verified-viewer': { value: '203.0.113.9' },
  });
});
