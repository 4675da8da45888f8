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

test('what the document says more narrowly than the service reads, the service takes', () => {
  expect(NARROWER_FORMS.size).toBe(4);
  for (const [read, documented] of NARROWER_FORMS) {
    for (const sample of [...samplesOf(documented, true), ...samplesOf(documented, false)]) {
      expect(read.safeParse(sample).error).toBeUndefined();
    }
  }
});

// What follows is proved by the compiler: each line below an expected error is one.
test('a handler that is missing, or answers something else than its definition, does not compile', () => {
  type StartOnly = Pick<PageHandlers<typeof ENROLL_ROUTES>, 'startEnrollLiveness'>;
  // @ts-expect-error completeEnroll is missing
  const missing = (handlers: StartOnly): PageHandlers<typeof ENROLL_ROUTES> => handlers;
  // @ts-expect-error the answer is a user and no text
  const other: PortalHandlers<typeof USER_ROUTES>['portalUser'] = async () => 'text';
  expect([typeof missing, typeof other]).toEqual(['function', 'function']);
});

test('a call that lacks what its route asks for, or names something else, does not compile', () => {
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
