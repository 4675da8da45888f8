import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROUTES, type Route } from '../../../contract/api/routes.ts';
import { SESSION_HANDLE_HEADER } from '../../../contract/api/session-handle.ts';
import type { HttpAnswer, HttpHandler } from '../../../lambdas/http/endpoint.ts';
import { type HostileRequest, hostileRequests } from '../../support/hostile-requests.ts';
import { problemOf, rowsOf } from '../../support/inspect.ts';
import { enroll, openLogin } from '../../support/login.ts';
import { wireEvent } from '../../support/wire-event.ts';
import { PUBLIC_ORIGIN } from '../../support/world.ts';
import { createPortal, OPTIONS, type Portal, withIntegration } from '../portal/portal-world.ts';

/** The same requests in every run. */
const SEED = 20_261_128;
const RANDOM_REQUESTS_A_PLACE = 4;
const AT_ONCE = 16;
const SUB = 'auth0|somebody';
const TABLES = ['ACCOUNT_TABLE', 'ACCOUNT_ITEM_TABLE', 'AUDIT_TABLE', 'INTEGRATION_TABLE', 'USER_TABLE'] as const;

let portal: Portal;
let handlers: Readonly<Record<Route['lambda'], HttpHandler>>;
/** Somebody else's account, which nothing here may reach. */
let other: { readonly integrationId: string; readonly accountId: string };
let before: Awaited<ReturnType<typeof rowsOfOther>>;
/** By integration, the External IDs named by requests that were let through. */
const usersOf = new Map<string, Set<string>>();
beforeAll(async () => {
  portal = await createPortal();
  handlers = { ...portal.handlers, ...portal.world.handlers, backend: portal.newBackend(10_000_000) };
  const theirs = await withIntegration(portal, 'mallory');
  await enroll(portal.world, theirs, SUB);
  const { body } = await portal.call('mallory', 'portalMe');
  other = { ...theirs, accountId: (body as { account: { accountId: string } }).account.accountId };
  before = await rowsOfOther();
});
afterAll(() => portal.world.close());

/** All rows of the other account. */
const rowsOfOther = async () => {
  const { accountId, integrationId } = other;
  const isTheirs = (text: string) => text.includes(accountId) || text.includes(integrationId);
  const rows = await Promise.all(TABLES.map((table) => rowsOf(portal.world, table)));
  return rows.map((each) => each.filter((row) => isTheirs(JSON.stringify(row))));
};

const newWebhook = async (owner: string) => {
  const body = { url: 'https://hooks.example.com/verified', events: ['user.enrolled'] };
  return (await portal.call(owner, 'portalAddWebhook', { body })).body as { readonly webhookId: string };
};
const newApiKey = async (owner: string) => {
  const body = { name: 'Backend', scopes: ['users:read', 'users:delete', 'invitations:create'] };
  return (await portal.call(owner, 'portalAddApiKey', { body })).body as { readonly apiKey: string };
};

/** A separate account for each route: what ids in a request can name, and what a caller sends in addition to the inputs. */
const situationFor = async ({ name, path }: Route) => {
  const owner = `owner-of-${name}`;
  const own = await withIntegration(portal, owner);
  const { integrationId } = own;
  usersOf.set(integrationId, new Set([SUB]));
  const row = { integrationId, externalId: SUB, version: 1, failures: 0, lastAttemptAt: portal.world.now() };
  await portal.world.putRow('USER_TABLE', row);
  const isPage = !path.startsWith('/api/portal/') && !path.startsWith('/api/v1/');
  const login = isPage ? await openLogin(portal.world, own, SUB) : null;
  const { version } = OPTIONS.consent;
  const { domains } = OPTIONS;
  const known = { integrationId, externalId: SUB, version, domains, ...(await newWebhook(owner)) };
  const { apiKey } = path.startsWith('/api/v1/') ? await newApiKey(owner) : { apiKey: '' };
  const headers = {
    origin: PUBLIC_ORIGIN,
    authorization: `Bearer ${apiKey}`,
    ...(login === null ? {} : { [SESSION_HANDLE_HEADER]: login.handle }),
  };
  const authorizer = path.startsWith('/api/portal/') ? { authorizer: portal.authorizerOf(owner) } : {};
  return { integrationId, known, headers, extra: { cookies: login?.cookies ?? [], ...authorizer } };
};

/** What is wrong with an answer; null if nothing. */
const faultOf = ({ path }: Route, { status }: HostileRequest, answer: HttpAnswer): string | null => {
  const { statusCode = 0, headers = {} } = answer;
  if (statusCode >= 500) return `${statusCode} ${answer.body?.slice(0, 160)}`;
  if (status !== null && statusCode !== status) return `${statusCode} and not ${status}`;
  if (statusCode < 400) return null;
  if (path.startsWith('/s/')) return String(headers['content-type']).startsWith('text/html') ? null : 'no page';
  return problemOf(answer).status === statusCode ? null : 'a problem of another status';
};

/** The External ID in the request, read by other means than the service's; null: none, or none that can be read. */
const askedFor = ({ request }: HostileRequest): string | null => {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(request.body);
    return String(JSON.parse(text).externalId).trim();
  } catch {
    return null;
  }
};

test.each(ROUTES)('T60 T69 $name: bad input is not a failure of ours, and affects no other user', async (route) => {
  const { integrationId, known, headers, extra } = await situationFor(route);
  const { listed, random, places } = hostileRequests(route, known);
  const users = usersOf.get(integrationId) ?? new Set();
  const send = async (hostile: HostileRequest): Promise<string | null> => {
    const request = { ...hostile.request, ...extra, headers: { ...headers, ...hostile.request.headers } };
    const answer = await handlers[route.lambda](wireEvent(route, request), {});
    if (answer.statusCode === 200) users.add(askedFor(hostile) ?? SUB);
    const fault = faultOf(route, hostile, answer);
    return fault === null ? null : `${hostile.what} → ${fault}`;
  };
  const faults: string[] = [];
  for (let at = 0; at < listed.length; at += AT_ONCE) {
    const found = await Promise.all(listed.slice(at, at + AT_ONCE).map(send));
    faults.push(...found.filter((fault) => fault !== null));
  }
  expect(faults).toEqual([]);
  if (random !== null) {
    const property = fc.asyncProperty(random, async (hostile) => {
      expect(await send(hostile)).toBeNull();
    });
    await fc.assert(property, { seed: SEED, numRuns: places * RANDOM_REQUESTS_A_PLACE });
  }
});

test('T30 T69 none of it touched another account’s row, or created a user whom no request named', async () => {
  expect(await rowsOfOther()).toEqual(before);
  const rows = await rowsOf(portal.world, 'USER_TABLE');
  const isKnown = ({ integrationId, externalId }: Record<string, unknown>): boolean =>
    usersOf.get(String(integrationId))?.has(String(externalId)) === true;
  expect(rows.filter((row) => row['integrationId'] !== other.integrationId && !isKnown(row))).toEqual([]);
});
