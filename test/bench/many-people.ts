import { createHash } from 'node:crypto';
import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { addSeconds } from '../../contract/protocol/epoch-seconds.ts';
import { indexKeys } from '../../lambdas/adapters/dynamodb/logins/login-record.ts';
import { listedAs } from '../../lambdas/adapters/dynamodb/users/user-item.ts';
import type { World } from '../support/world.ts';

const BATCH = 25;
const WORKERS = 8;

/** The External ID of the n-th user: 24 hex digits, like those of Auth0's own database. */
export const externalIdOf = (user: number): string =>
  `auth0|${createHash('sha256').update(`person ${user}`).digest('hex').slice(0, 24)}`;

const writeAll = async (
  world: World,
  table: keyof World['tables'],
  count: number,
  rowOf: (index: number) => Record<string, unknown>,
): Promise<void> => {
  let next = 0;
  const work = async (): Promise<void> => {
    for (let from = next; from < count; from = next) {
      next += BATCH;
      const rows = Array.from({ length: Math.min(BATCH, count - from) }, (_, index) => rowOf(from + index));
      let RequestItems = { [world.tables[table]]: rows.map((Item) => ({ PutRequest: { Item } })) };
      while (Object.keys(RequestItems).length > 0) {
        const { UnprocessedItems = {} } = await world.documents.send(new BatchWriteCommand({ RequestItems }));
        RequestItems = UnprocessedItems as typeof RequestItems;
      }
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, work));
};

/** Of a hundred users one is disabled, one locked and eight have no face; rows as the service writes them. */
const userRow = (world: World, integrationId: string, user: number): Record<string, unknown> => {
  const kind = user % 100;
  const hasFace = kind < 92;
  const state = kind === 0 ? 'disabled' : hasFace ? 'enrolled' : 'not_enrolled';
  const at = addSeconds(world.now(), -user);
  return {
    integrationId,
    externalId: externalIdOf(user),
    version: 1,
    failures: kind === 1 ? 5 : 0,
    lastAttemptAt: kind === 1 ? addSeconds(world.now(), -(user % 1700)) : at,
    listedAs: listedAs(integrationId, state),
    ...(kind === 0 ? { disabled: { at, reason: 'left the company' } } : {}),
    ...(kind === 1 ? { failingIn: integrationId } : {}),
    ...(hasFace
      ? {
          lastVerifiedAt: at,
          purgeAt: addSeconds(world.now(), 86_400),
          consent: { version: '2026-11', textSha256: '0'.repeat(64), locale: 'en', at },
          reference: {
            referenceId: `r${user}`,
            objectKey: `objects/${user}`,
            wrappedKey: 'A'.repeat(248),
            engine: 'rekognition-compare-faces',
            enrolledAt: at,
          },
        }
      : {}),
  };
};

const loginRow = (world: World, integrationId: string, login: number): Record<string, unknown> => {
  const externalId = externalIdOf(login % 20_000);
  const outcome = login % 20 === 0 ? 'no_match' : 'verified';
  const finishedAt = addSeconds(world.now(), -(login % (29 * 86_400)));
  const supportId = createHash('sha256').update(`login ${login}`).digest('hex').slice(0, 8).toUpperCase();
  return {
    integrationId,
    endedKey: `${finishedAt}#${String(login).padStart(8, '0')}`,
    personKey: indexKeys.person(integrationId, externalId),
    supportKey: indexKeys.support(integrationId, supportId),
    outcomeKey: indexKeys.outcome(integrationId, outcome),
    externalId,
    outcome,
    task: 'verify',
    mode: 'always',
    purpose: 'mfa',
    cid: 'client-of-the-app',
    app: 'Harbour Bank',
    domain: 'harbour-bank.eu.auth0.com',
    supportId,
    challenge: 'FaceMovementChallenge',
    otherNetwork: false,
    openedAt: addSeconds(finishedAt, -21),
    finishedAt,
    attempts: 1,
    verdicts: [{ attempt: 1, outcome, at: finishedAt, livenessBand: 90, similarityBand: 90 }],
  };
};

/** Fills an integration. Only the rows are written here; everything that is measured reads them through the service. */
export const fillIntegration = async (
  world: World,
  integrationId: string,
  { userCount, logins }: { readonly userCount: number; readonly logins: number },
): Promise<void> => {
  await writeAll(world, 'USER_TABLE', userCount, (user) => userRow(world, integrationId, user));
  await writeAll(world, 'TRANSACTION_TABLE', logins, (login) => loginRow(world, integrationId, login));
};
