import { expect, test } from 'vitest';
import type { ENROLL_ROUTES } from '../../contract/api/routes/capture.ts';
import { USER_ROUTES } from '../../contract/api/routes/portal-users.ts';
import { ROUTES } from '../../contract/api/routes.ts';
import { NARROWER_FORMS } from '../../contract/tools/documented-routes.ts';
import type { PageHandlers } from '../../lambdas/http/page-endpoint.ts';
import type { PortalHandlers } from '../../lambdas/http/portal-endpoint.ts';
import type { PortalApi } from '../../web/portal/api/client.ts';
import { samplesOf } from '../support/every-answer.ts';

test('no two routes share a name, or a method and a path', () => {
  const keys = ROUTES.map(({ method, path }) => `${method} ${path.replace(/\{\w+\}/g, '{}')}`);
  expect(new Set(keys).size).toBe(ROUTES.length);
  expect(new Set(ROUTES.map(({ name }) => name)).size).toBe(ROUTES.length);
});

test('the service accepts what the document declares more narrowly', () => {
  expect(NARROWER_FORMS.size).toBe(4);
  for (const [read, documented] of NARROWER_FORMS) {
    for (const sample of [...samplesOf(documented, true), ...samplesOf(documented, false)]) {
      expect(read.safeParse(sample).error).toBeUndefined();
    }
  }
});

// The compiler proves the following: each line below an expected error is an error.
test('a missing handler, or one with another answer than its definition, does not compile', () => {
  type StartOnly = Pick<PageHandlers<typeof ENROLL_ROUTES>, 'startEnrollLiveness'>;
  // @ts-expect-error completeEnroll is missing
  const missing = (handlers: StartOnly): PageHandlers<typeof ENROLL_ROUTES> => handlers;
  // @ts-expect-error the answer is a user, not a string
  const other: PortalHandlers<typeof USER_ROUTES>['portalUser'] = async () => 'text';
  expect([typeof missing, typeof other]).toEqual(['function', 'function']);
});

test('a call that lacks required input of its route, or has other input, does not compile', () => {
  const calls = (api: PortalApi) => [
    // @ts-expect-error the query is missing
    () => api.call(USER_ROUTES.portalUser),
    // @ts-expect-error a member of the query is missing
    () => api.call(USER_ROUTES.portalUser, { query: { integrationId: 'int' } }),
    // @ts-expect-error the path's name is missing
    () => api.call(USER_ROUTES.portalUsers, { path: {} }),
    // @ts-expect-error this route has no body
    () => api.call(USER_ROUTES.portalUser, { query: { integrationId: '', externalId: '' }, body: {} }),
    // @ts-expect-error the query has no such parameter
    () => api.call(USER_ROUTES.portalUsers, { path: { integrationId: '' }, query: { outcome: 'x' } }),
  ];
  expect(calls).toBeTypeOf('function');
});
