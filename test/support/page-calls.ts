import type * as z from 'zod';
import { ENROLL_ROUTES, SESSION_ROUTES, VERIFY_ROUTES } from '../../contract/api/routes/capture.ts';
import type { BodySchema, CallRoute } from '../../contract/api/routes/definition.ts';

type PageRoutes = typeof SESSION_ROUTES & typeof ENROLL_ROUTES & typeof VERIFY_ROUTES;
export type PageCallName = keyof PageRoutes;
type BodyOf<Route extends CallRoute> = [BodySchema<Route>] extends [never] ? undefined : z.input<BodySchema<Route>>;

/** A valid body for each call of the page's script. */
const BODIES: { readonly [Name in PageCallName]: BodyOf<PageRoutes[Name]> } = {
  readSession: undefined,
  endSession: { reason: 'declined' },
  releaseAttempt: { attempt: 1 },
  offerHandoff: { transport: 'email' },
  confirmCode: { code: '012345' },
  startEnrollLiveness: { consent: { version: '2026-11', locale: 'en' } },
  completeEnroll: { attempt: 1 },
  startVerifyLiveness: {},
  completeVerify: { attempt: 1 },
};

const routes: Readonly<Record<PageCallName, CallRoute>> = { ...SESSION_ROUTES, ...ENROLL_ROUTES, ...VERIFY_ROUTES };

/** Every call of the page's script. */
export const PAGE_CALLS = (Object.keys(routes) as PageCallName[]).map((name) => ({ name, body: BODIES[name] }));

export const UNSAFE_CALLS = PAGE_CALLS.filter(({ name }) => routes[name].method !== 'GET');
