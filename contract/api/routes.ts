import { BACKEND_USER_ROUTES } from './routes/backend.ts';
import { ENROLL_ROUTES, SESSION_ROUTES, VERIFY_ROUTES } from './routes/capture.ts';
import type { RouteTable } from './routes/definition.ts';
import { HANDOFF_NAVIGATIONS, LOGIN_NAVIGATIONS } from './routes/navigations.ts';
import { ACCOUNT_ROUTES } from './routes/portal-account.ts';
import { API_KEY_ROUTES } from './routes/portal-api-keys.ts';
import { AUDIT_ROUTES } from './routes/portal-audit.ts';
import { CONSENT_ROUTES } from './routes/portal-consents.ts';
import { INTEGRATION_ROUTES } from './routes/portal-integrations.ts';
import { MEMBER_ROUTES } from './routes/portal-members.ts';
import { SIGN_IN_ROUTES } from './routes/portal-sign-in.ts';
import { TRANSACTION_ROUTES } from './routes/portal-transactions.ts';
import { USER_ROUTES } from './routes/portal-users.ts';
import { WEBHOOK_ROUTES } from './routes/portal-webhooks.ts';

// Which Lambda serves which routes. Pages import only the tables of `routes/` that they call, not this file.

type LambdaTables = Readonly<Record<string, RouteTable>>;
type RoutesOfTables<Tables extends LambdaTables> = {
  [Lambda in keyof Tables]: {
    [Name in keyof Tables[Lambda]]: Tables[Lambda][Name] & { readonly name: Name; readonly lambda: Lambda };
  }[keyof Tables[Lambda]];
}[keyof Tables];

/** All routes in one list, each with its name and its Lambda's name. */
const listOf = <Tables extends LambdaTables>(tables: Tables): readonly RoutesOfTables<Tables>[] =>
  Object.entries(tables).flatMap(([lambda, table]) =>
    Object.entries(table).map(([name, route]) => ({ name, lambda, ...route }) as unknown as RoutesOfTables<Tables>),
  );

/** Routes of the capture page. */
export const CAPTURE_ROUTES = listOf({
  session: { ...LOGIN_NAVIGATIONS, ...HANDOFF_NAVIGATIONS, ...SESSION_ROUTES },
  enroll: ENROLL_ROUTES,
  verify: VERIFY_ROUTES,
});

/** Routes of operators: the gateway requires a token of the portal's issuer. */
export const PORTAL_ROUTES = listOf({
  accounts: { ...SIGN_IN_ROUTES, ...ACCOUNT_ROUTES, ...MEMBER_ROUTES, ...AUDIT_ROUTES },
  integrations: { ...INTEGRATION_ROUTES, ...CONSENT_ROUTES },
  users: USER_ROUTES,
  transactions: TRANSACTION_ROUTES,
  automation: { ...API_KEY_ROUTES, ...WEBHOOK_ROUTES },
});

/** Routes of an organization's own backend: the function itself checks the API key. */
export const BACKEND_ROUTES = listOf({ backend: BACKEND_USER_ROUTES });

/** Every HTTP route of the service: the OpenAPI document, API Gateway and the local server are built from this list. */
export const ROUTES = [...CAPTURE_ROUTES, ...PORTAL_ROUTES, ...BACKEND_ROUTES] as const;

export type Route = (typeof ROUTES)[number];
export type CaptureRouteName = (typeof CAPTURE_ROUTES)[number]['name'];
export type CaptureLambdaName = (typeof CAPTURE_ROUTES)[number]['lambda'];
export type PortalRouteName = (typeof PORTAL_ROUTES)[number]['name'];
export type BackendRouteName = (typeof BACKEND_ROUTES)[number]['name'];
export type RouteName = Route['name'];
export type LambdaName = Route['lambda'];
