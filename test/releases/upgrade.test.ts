import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { ApiKeyShownOnce } from '../../contract/api/portal/api-keys.ts';
import type { UserPage, UserView } from '../../contract/api/portal/users.ts';
import type { WebhookSecretShownOnce } from '../../contract/api/portal/webhooks.ts';
import { parseUser } from '../../lambdas/adapters/dynamodb/users/user-item.ts';
import { OPTIONS } from '../lambdas/portal/portal-world.ts';
import { rowsOf, storedFaces, userRow } from '../support/inspect.ts';
import { type Browser, enroll, openLogin, readReturnPage } from '../support/login.ts';
import type { TestIntegration } from '../support/world.ts';
import { createLiveStage, type LiveStage } from './live-stage.ts';
import { isUnreleased, LAST_RELEASE, readReleaseFacts } from './release-record.ts';
import type { RunningVersion } from './running-version.ts';

let stage: LiveStage;
beforeAll(async () => {
  stage = await createLiveStage();
  await stage.release.portal('portalFoundAccount');
});
afterAll(() => stage.close());

/** Codes that functions log where all went well. */
const USUAL = /^(session-|request$|check-complete$|liveness-start$|result-handed-over$|jobs-due$)/;
// Neither version met a row, a job or a call that it could not read.
afterEach(async () => {
  const lines = [...(await stage.release.takeCodes()), ...(await stage.today.takeCodes())];
  expect(lines.filter((line) => !USUAL.test(line))).toEqual([]);
});

/** Either version first: an upgrade, and a rollback. */
const ORDERS = ['release', 'today'] as const;
const inOrder = (first: (typeof ORDERS)[number]): readonly [RunningVersion, RunningVersion] =>
  first === 'release' ? [stage.release, stage.today] : [stage.today, stage.release];

const newIntegration = async (by: RunningVersion, options: object = {}): Promise<TestIntegration> =>
  (await by.portal('portalAddIntegration', { body: { options: { ...OPTIONS, ...options } } })) as TestIntegration;
const newUser = (): string => stage.world.newExternalId();

/** Ends a login, and returns the outcome that Auth0 gets. */
const endOf = async (integration: TestIntegration, browser: Browser): Promise<unknown> =>
  (await readReturnPage(stage.users, integration, await browser.giveBack())).payload['res'];

/** A whole login of someone who is enrolled, and the outcome that Auth0 gets. */
const logIn = async (integration: TestIntegration, sub: string, person = 'alice'): Promise<unknown> => {
  const browser = await openLogin(stage.users, integration, sub);
  const { state } = await browser.view();
  if (state === 'open') await browser.attempt(stage.users, 'verify', { person });
  return endOf(integration, browser);
};
const enrollIn = (integration: TestIntegration, sub: string) => enroll(stage.users, integration, sub);

/** Everything that a version's portal lists, of these integrations. */
const shownBy = async (version: RunningVersion, integrations: readonly TestIntegration[]) => {
  const of = integrations.map(async ({ integrationId }) => {
    const path = { integrationId };
    return Promise.all([
      version.portal('portalIntegration', { path }),
      version.portal('portalUsers', { path }),
      version.portal('portalTransactions', { path }),
      version.portal('portalStatistics', { path }),
      version.portal('portalConsents', { path }),
      version.portal('portalConnection', { path }),
    ]);
  });
  const lists = ['portalMe', 'portalAccount', 'portalPeople', 'portalIntegrations', 'portalAudit'] as const;
  return Promise.all([...of, ...lists.map((name) => version.portal(name))]);
};

test('the record names its version, and is a candidate until the changelog says that this is released', async () => {
  const facts = await readReleaseFacts(LAST_RELEASE);
  const changelog = await readFile(new URL('../../CHANGELOG.md', import.meta.url), 'utf8');
  expect(facts).toMatchObject({ version: LAST_RELEASE, isCandidate: isUnreleased(changelog, LAST_RELEASE) });
});

test('nobody loses their face: upgraded and rolled back, each version serves whom the other enrolled', async () => {
  const { release, today } = stage;
  const integrations: TestIntegration[] = [];
  const enrolled: (readonly [TestIntegration, string])[] = [];
  for (const version of [release, today, release]) {
    stage.deploy(version);
    for (const [integration, sub] of enrolled) expect(await logIn(integration, sub)).toBe('verified');
    if (integrations.length === 2) break;
    integrations.push(await newIntegration(version));
    for (const integration of integrations) {
      const sub = newUser();
      await enrollIn(integration, sub);
      enrolled.push([integration, sub]);
    }
  }
  const seen = await shownBy(release, integrations);
  // A later version may show more.
  expect(await shownBy(today, integrations)).toMatchObject(seen);
  for (const [{ integrationId }, externalId] of enrolled) {
    expect(JSON.stringify(seen)).toContain(integrationId);
    expect(JSON.stringify(seen)).toContain(externalId);
  }
});

/** Both versions show the same user; this one may show more. */
const agreeOn = async (query: { readonly integrationId: string; readonly externalId: string }): Promise<UserView> => {
  const shown = (await stage.release.portal('portalUser', { query })) as UserView;
  expect(await stage.today.portal('portalUser', { query })).toMatchObject(shown);
  return shown;
};

describe.each(ORDERS)('with %s first', (first) => {
  test.each(['open', 'start', 'complete'] as const)(
    'a login goes on where it was, if the other version is deployed after “%s”',
    async (deployedAfter) => {
      const [before, after] = inOrder(first);
      stage.deploy(before);
      const integration = await newIntegration(before);
      const sub = newUser();
      for (const [task, outcome] of [
        ['enroll', 'enrolled'],
        ['verify', 'verified'],
      ] as const) {
        stage.deploy(before);
        const browser = await openLogin(stage.users, integration, sub);
        const { consent } = await browser.view();
        if (deployedAfter === 'open') stage.deploy(after);
        const started = JSON.parse((await browser.start(task, consent?.version)).body ?? '');
        if (deployedAfter === 'start') stage.deploy(after);
        await stage.users.faces.play(started.livenessSessionId, {});
        expect(JSON.parse((await browser.complete(task, started.attempt)).body ?? '')).toMatchObject({ outcome });
        stage.deploy(after);
        expect(await endOf(integration, browser)).toBe(outcome);
      }
    },
  );

  test('failures add up to one lock, which the other version respects, shows and lifts', async () => {
    const [before, after] = inOrder(first);
    const lockout = { enabled: true, maxFailedAttempts: 3, windowSeconds: 3600, lockSeconds: 1800 };
    const integration = await newIntegration(before, { lockout });
    const target = { integrationId: integration.integrationId, externalId: newUser() };
    stage.deploy(before);
    await enrollIn(integration, target.externalId);
    for (const version of [before, after]) {
      stage.deploy(version);
      const browser = await openLogin(stage.users, integration, target.externalId);
      expect(await browser.attempt(stage.users, 'verify', { person: 'mallory' })).toMatchObject({ state: 'again' });
    }
    stage.deploy(before);
    expect(await logIn(integration, target.externalId, 'mallory')).toBe('locked');
    stage.deploy(after);
    expect(await logIn(integration, target.externalId)).toBe('locked');
    expect(await agreeOn(target)).toMatchObject({ state: 'locked', failures: 3 });
    await after.portal('portalUnlockUser', { body: target });
    stage.deploy(before);
    expect(await logIn(integration, target.externalId)).toBe('verified');
  });

  test('what an operator did by one version holds in the other', async () => {
    const [before, after] = inOrder(first);
    const integration = await newIntegration(before, { selfEnrollmentRequires: 'invitation' });
    const { integrationId } = integration;
    const externalId = newUser();
    const target = { integrationId, externalId };
    await before.portal('portalInviteUser', { body: { ...target, withinHours: 1 } });
    expect((await agreeOn(target)).invitation).not.toBeNull();
    stage.deploy(after);
    await enrollIn(integration, externalId);
    await after.portal('portalDisableUser', { body: { ...target, reason: 'lost phone' } });
    expect((await agreeOn(target)).disabled).toMatchObject({ reason: 'lost phone' });
    stage.deploy(before);
    expect(await logIn(integration, externalId)).toBe('disabled');
    await before.portal('portalEnableUser', { body: { ...target, reason: 'found again' } });
    await before.portal('portalRequireEnrollment', { body: { ...target, reason: 'new glasses', withinHours: 1 } });
    await after.portal('portalInviteUser', { body: { ...target, withinHours: 1 } });
    expect((await agreeOn(target)).reenrolment).not.toBeNull();
    stage.deploy(after);
    await enrollIn(integration, externalId);
    expect(await before.portal('portalUserPhoto', { body: target })).toHaveProperty('jpegBase64');
    const receipt = await before.portal('portalDeleteUser', { body: target });
    expect(receipt).toMatchObject({ face: 'removed', consentRemoved: true, recordRemoved: true });
    const page = (await after.portal('portalUsers', { path: { integrationId } })) as UserPage;
    expect(page.users).toEqual([]);
    stage.deploy(after);
    expect(await logIn(integration, externalId)).toBe('not_enrolled');
  });

  test('secrets, API keys and webhooks of one version are valid in the other', async () => {
    const [before, after] = inOrder(first);
    const old = await newIntegration(before);
    const path = { integrationId: old.integrationId };
    const body = { generation: 1, overlapSeconds: 3600 };
    const rotated = (await before.portal('portalRotateSecret', { path, body })) as TestIntegration;
    const externalId = newUser();
    stage.deploy(after);
    await enrollIn(old, externalId);
    expect(await logIn(rotated, externalId)).toBe('verified');
    const key = { name: 'Backend', scopes: ['users:read'] };
    const { apiKey } = (await before.portal('portalAddApiKey', { body: key })) as ApiKeyShownOnce;
    const status = await after.backend(apiKey, 'userStatus', { path, query: { externalId } });
    expect(status).toMatchObject({ externalId, state: 'enrolled' });
    const url = 'https://receiver.example.com/hook';
    const hook = { url, events: ['user.enrolled'] };
    const { webhookId } = (await before.portal('portalAddWebhook', { body: hook })) as WebhookSecretShownOnce;
    await after.portal('portalRotateWebhookSecret', { path: { webhookId }, body });
    for (const name of ['portalWebhooks', 'portalApiKeys'] as const) {
      expect(await stage.today.portal(name)).toMatchObject((await stage.release.portal(name)) as object);
    }
    // Nothing is sent to it.
    await before.portal('portalDeleteWebhook', { path: { webhookId } });
  });

  test('jobs that one version queued are done by the other: faces without a user go, those in use stay', async () => {
    const [before, after] = inOrder(first);
    const integration = await newIntegration(before);
    const { integrationId } = integration;
    const [stays, replaced] = [newUser(), newUser()];
    stage.deploy(before);
    for (const externalId of [stays, replaced]) await enrollIn(integration, externalId);
    const keyOf = async (externalId: string) =>
      parseUser(await userRow(stage.world, integrationId, externalId)).reference?.objectKey;
    const former = await keyOf(replaced);
    const asked = { integrationId, externalId: replaced, reason: 'new glasses', withinHours: 1 };
    await before.portal('portalRequireEnrollment', { body: asked });
    await enrollIn(integration, replaced);
    // A camera that was started and never used.
    await (await openLogin(stage.users, integration, stays)).start('verify');
    await after.housekeep(2 * 3600);
    const faces = await storedFaces(stage.world);
    expect(faces).toEqual(expect.arrayContaining([await keyOf(stays), await keyOf(replaced)]));
    expect(faces).not.toContain(former);
    const left = (await rowsOf(stage.world, 'DUE_WORK_TABLE')).filter((row) =>
      JSON.stringify(row).includes(integrationId),
    );
    const inUse = [await keyOf(stays), await keyOf(replaced)];
    expect(left.map(({ work }) => (work as { objectKey: string }).objectKey).sort()).toEqual(inUse.sort());
    expect((await agreeOn({ integrationId, externalId: stays })).state).toBe('enrolled');
  });
});
