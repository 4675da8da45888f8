import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { expect, test, vi } from 'vitest';
import { addSeconds, fromMilliseconds } from '../../../contract/protocol/epoch-seconds.ts';
import { readJob } from '../../../lambdas/adapters/dynamodb/jobs/job-item.ts';
import { JobStore } from '../../../lambdas/adapters/dynamodb/jobs/job-store.ts';
import { createDocumentClient } from '../../../lambdas/adapters/dynamodb/table/document-client.ts';
import { of } from './made-world.ts';
import { newcomer, WireLogin } from './wire-login.ts';

/** From this start of an hour on, each is checked (lambdas/core/model/paid-starts.ts). */
const CHECKED_FROM = 4;

test('a user opens the camera again and again, and nothing is streamed: the starts are checked later', async () => {
  const user = newcomer();
  for (let starts = 1; starts <= CHECKED_FROM; starts += 1) {
    const login = new WireLogin(of().world);
    await login.begin(user, starts === 1);
    expect(await login.start('enroll')).toMatchObject({ status: 200, body: { state: 'started' } });
  }
});

/** Jobs of these functions that are due later become due now; everything else about them stays. */
const bringForward = async (): Promise<ReadonlySet<string>> => {
  const { tables } = of().world.deployment.resources.names;
  const documents = createDocumentClient();
  const queue = new JobStore(documents, tables.DUE_WORK_TABLE);
  const { Items = [] } = await documents.send(new ScanCommand({ TableName: tables.DUE_WORK_TABLE }));
  const now = fromMilliseconds(Date.now());
  const later = Items.flatMap((row) => readJob(row) ?? []).filter(({ dueAt }) => dueAt > now);
  for (const job of later) await queue.postpone(job, addSeconds(now, -1), job.failures);
  return new Set(later.map(({ work }) => work.kind));
};

test('housekeeping does what is due later: abandoned logins, unused starts, faces without a user', async () => {
  const { world } = of();
  const kinds = await bringForward();
  for (const kind of ['face-object', 'liveness-start', 'session-end']) expect(kinds).toContain(kind);
  const did = (action: string, resource: string) => ({
    action,
    resource: expect.stringContaining(resource),
    roleArn: world.roleOf('housekeeping'),
    isAllowed: true,
  });
  await vi.waitFor(
    () => {
      for (const [action, resource] of [
        ['s3:DeleteObject', '/faces/'],
        ['dynamodb:GetItem', 'SessionTable'],
        ['dynamodb:UpdateItem', 'UserTable'],
      ] as const)
        expect(world.decided).toContainEqual(expect.objectContaining(did(action, resource)));
    },
    { timeout: 60_000, interval: 200 },
  );
});

test('no call of any function was denied so far', () => {
  const { world } = of();
  expect(world.decided.length).toBeGreaterThan(300);
  expect(world.decided.filter(({ isAllowed }) => !isAllowed)).toEqual([]);
});
