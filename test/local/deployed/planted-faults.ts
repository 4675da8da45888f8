import { describe, expect, test } from 'vitest';
import type { Role } from '../../../local/aws-wire/iam/access-control.ts';
import { type Grant, without } from './deployed-world.ts';
import { of } from './made-world.ts';
import { type Answer, type Credentials, newcomer, WireLogin } from './wire-login.ts';

const SUPPORT_ID = /[0-9A-Z]{4}-[0-9A-Z]{4}/;

/** Somebody who has enrolled. */
let enrolled: Credentials;

const loginOf = async (user: Credentials, isNew = false): Promise<WireLogin> => {
  const login = new WireLogin(of().world);
  await login.begin(user, isNew);
  return login;
};

/** A grant of this action on a table, or under a condition with this value. */
const grant =
  (action: string, about = '') =>
  ({ action: one, resource, statement }: Grant): boolean =>
    one === action &&
    (about === '' || resource.includes(about) || statement.conditions.some(({ values }) => values.includes(about)));

/** The page says "unavailable" and offers to go back; Auth0 gets a signed answer, and the app a code and the support id. */
const expectSignedRefusal = async (login: WireLogin, refused: Answer): Promise<void> => {
  expect(refused).toMatchObject({
    status: 503,
    body: { code: 'unavailable', supportId: expect.stringMatching(SUPPORT_ID) },
  });
  expect((await login.giveUp('unavailable')).status).toBe(204);
  const { text } = await login.giveBack();
  expect(text).toContain('face_unavailable');
  expect(text).toContain(refused.body.supportId);
};

test('with every permission of the templates, somebody enrolls', async () => {
  enrolled = newcomer();
  const login = await loginOf(enrolled, true);
  expect(await login.attempt('enroll')).toMatchObject({ body: { outcome: 'enrolled' } });
});

describe('T44 a permission that is missing in the template fails the login here', () => {
  /** The login cannot even be opened: there are no keys to sign an answer with, so the page has the support id. */
  test.each<[string, (one: Grant) => boolean]>([
    ['to decrypt the keys of the integration', grant('kms:Decrypt', 'verified/integration-keys')],
    ['to decrypt through DynamoDB', grant('kms:Decrypt', 'dynamodb.us-east-1.amazonaws.com')],
    ['to read integrations', grant('dynamodb:GetItem', 'IntegrationTable')],
    ['to put a session, a part of the transaction that opens a login', grant('dynamodb:PutItem', 'SessionTable')],
  ])('session is not allowed %s: no login is opened', async (_what, isLost) => {
    const { world } = of();
    await world.withRole(world.roleOf('session'), without(isLost), async () => {
      const login = await loginOf(enrolled);
      expect(login.page?.status).toBe(503);
      expect(login.page?.text).toMatch(SUPPORT_ID);
    });
    expect(await (await loginOf(enrolled)).view()).toMatchObject({ state: 'open', task: 'verify' });
  });

  test.each<[string, 'enroll' | 'verify', (one: Grant) => boolean]>([
    ['to create a liveness session', 'enroll', grant('rekognition:CreateFaceLivenessSession')],
    ['to read its results', 'verify', grant('rekognition:GetFaceLivenessSessionResults')],
    ['to look for faces', 'enroll', grant('rekognition:DetectFaces')],
    ['to compare faces', 'verify', grant('rekognition:CompareFaces')],
    ['to store the reference', 'enroll', grant('s3:PutObject')],
    ['to read the reference', 'verify', grant('s3:GetObject')],
    ['to make a data key', 'enroll', grant('kms:GenerateDataKey', 'verified/reference-face')],
    ['to decrypt a data key', 'verify', grant('kms:Decrypt', 'verified/reference-face')],
    ['to use the key of faces through S3', 'enroll', grant('kms:GenerateDataKey', 's3.us-east-1.amazonaws.com')],
    ['to update the user, a part of a transaction', 'enroll', grant('dynamodb:UpdateItem', 'UserTable')],
    ['to put the login record, a part of a transaction', 'verify', grant('dynamodb:PutItem', 'TransactionTable')],
    ['to count the login, a part of a transaction', 'verify', grant('dynamodb:UpdateItem', 'StatisticsTable')],
  ])('a function is not allowed %s (%s): the login ends unavailable, signed', async (_what, task, isLost) => {
    const { world } = of();
    await world.withRole(world.roleOf(task), without(isLost), async () => {
      const login = task === 'enroll' ? await loginOf(newcomer(), true) : await loginOf(enrolled);
      await expectSignedRefusal(login, await login.attempt(task));
    });
  });

  const otherPurpose = (role: Role): Role =>
    JSON.parse(JSON.stringify(role).replaceAll('verified/reference-face', 'verified/another-purpose'));
  test('a key is granted for another purpose than the encryption context has', async () => {
    const { world } = of();
    await world.withRole(world.roleOf('enroll'), otherPurpose, async () => {
      const login = await loginOf(newcomer(), true);
      await expectSignedRefusal(login, await login.attempt('enroll'));
    });
  });

  test('T37 the stream role trusts nobody: no credentials for the browser', async () => {
    const { world } = of();
    const { streamRole } = world.deployment.resources.names;
    await world.withRole(
      streamRole,
      (role) => ({ ...role, trust: [] }),
      async () => {
        const login = await loginOf(newcomer(), true);
        await expectSignedRefusal(login, await login.start('enroll'));
      },
    );
  });

  test('T37 the stream role may not stream: the video is refused', async () => {
    const { world } = of();
    const { streamRole } = world.deployment.resources.names;
    const lost = without(grant('rekognition:StartFaceLivenessSession'));
    await world.withRole(streamRole, lost, async () => {
      const login = await loginOf(newcomer(), true);
      const started = await login.start('enroll');
      expect(started.status).toBe(200);
      await expect(login.stream(started.body, 7)).rejects.toThrow(/403/);
    });
  });
});
