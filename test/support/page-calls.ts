import { CAPTURE_ROUTES, type CaptureRouteName } from '../../contract/api/routes.ts';

/** Every call of the page's script, with a body that its schema takes. */
export const PAGE_CALLS = [
  { name: 'readSession', body: undefined },
  { name: 'endSession', body: { reason: 'declined' } },
  { name: 'releaseAttempt', body: { attempt: 1 } },
  { name: 'offerHandoff', body: { transport: 'email' } },
  { name: 'confirmCode', body: { code: '012345' } },
  { name: 'startEnrollLiveness', body: { consent: { version: '2026-11', locale: 'en' } } },
  { name: 'completeEnroll', body: { attempt: 1 } },
  { name: 'startVerifyLiveness', body: {} },
  { name: 'completeVerify', body: { attempt: 1 } },
] as const satisfies readonly { name: CaptureRouteName; body: object | undefined }[];

export const UNSAFE_CALLS = PAGE_CALLS.filter(({ name }) => name !== 'readSession');

/** Routes that browsers navigate to. */
export const NAVIGATIONS: readonly CaptureRouteName[] = CAPTURE_ROUTES.filter(({ path }) => path.startsWith('/s/')).map(
  ({ name }) => name,
);
