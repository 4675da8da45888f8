import { expect, test, vi } from 'vitest';
import { ACCOUNT_ROUTES } from '../../../contract/api/routes/portal-account.ts';
import { USER_ROUTES } from '../../../contract/api/routes/portal-users.ts';
import { type CallError, PortalApi } from '../../../web/portal/api/client.ts';
import type { Session } from '../../../web/portal/session/sign-in.ts';
import { failures } from '../../../web/portal/text/en/failures.ts';

const api = new PortalApi({ token: async () => 'token' } as unknown as Session, () => {});
const change = () => api.call(ACCOUNT_ROUTES.portalEditAccount, { body: { name: 'Harbour Group' } });
const read = () => api.call(ACCOUNT_ROUTES.portalAccount);
const view = () =>
  api.call(USER_ROUTES.portalUserPhoto, { body: { integrationId: 'int_aaaaaaaaaaaaaaaaaaaa', externalId: 'auth0|1' } });

const problem = (status: number, code: string) => () => {
  const body = { type: 'x', title: 'x', status, code, supportId: 'ABCD-EFGH' };
  return Response.json(body, { status, headers: { 'content-type': 'application/problem+json' } });
};
const noAnswer = (): Response => {
  throw new TypeError('network');
};

const failureOf = async (call: () => Promise<unknown>, answer: () => Response): Promise<CallError> => {
  vi.stubGlobal('fetch', async () => answer());
  return call().then(
    () => Promise.reject(new Error('did not fail')),
    (error: CallError) => error,
  );
};

const cases: readonly (readonly [string, () => Promise<unknown>, () => Response, boolean])[] = [
  ['a change that got no answer', change, noAnswer, true],
  ['a change whose answer is an error of the service', change, problem(503, 'unavailable'), true],
  ['a change that failed inside the service', change, problem(500, 'internal-error'), true],
  ['a change whose answer cannot be read', change, () => Response.json({}), true],
  ['a change that ended at the gateway', change, () => new Response('', { status: 504 }), true],
  ['a change that was refused', change, problem(409, 'changed-meanwhile'), false],
  ['a change that the gateway throttled', change, () => Response.json({}, { status: 429 }), false],
  ['reading', read, problem(503, 'unavailable'), false],
  ['viewing a photo, which changes nothing', view, problem(503, 'unavailable'), false],
];

test.each(cases)('after %s the portal knows whether it may have taken effect', async (_what, call, answer, may) => {
  expect((await failureOf(call, answer)).mayHaveTakenEffect).toBe(may);
});

test('no text of a failure whose effect is not known says that nothing was changed', () => {
  for (const code of ['offline', 'unavailable', 'unreadable-answer', 'internal-error', 'other'] as const)
    expect(failures[code] ?? '').not.toMatch(/nothing/i);
});
