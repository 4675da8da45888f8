import type { Me } from '../../../contract/api/portal/me.ts';
import {
  BACKEND_ROUTES,
  type BackendRouteName,
  PORTAL_ROUTES,
  type PortalRouteName,
} from '../../../contract/api/routes.ts';
import { AccountStore } from '../../../lambdas/adapters/dynamodb/accounts/account-store.ts';
import { ApiKeyStore } from '../../../lambdas/adapters/dynamodb/accounts/api-key-store.ts';
import { AuditPages } from '../../../lambdas/adapters/dynamodb/accounts/audit-pages.ts';
import { AuditStore } from '../../../lambdas/adapters/dynamodb/accounts/audit-store.ts';
import { FoundingStore } from '../../../lambdas/adapters/dynamodb/accounts/founding-store.ts';
import { AccountMemberStore } from '../../../lambdas/adapters/dynamodb/accounts/member-store.ts';
import { AccountItemStore } from '../../../lambdas/adapters/dynamodb/accounts/operator-items.ts';
import { IntegrationRemovalStore } from '../../../lambdas/adapters/dynamodb/integrations/integration-removal.ts';
import { switchOffIn } from '../../../lambdas/adapters/dynamodb/integrations/integration-switch.ts';
import { PortalIntegrationStore } from '../../../lambdas/adapters/dynamodb/integrations/portal-integration-store.ts';
import { TransactionStore } from '../../../lambdas/adapters/dynamodb/logins/login-record-store.ts';
import { StatisticsStore } from '../../../lambdas/adapters/dynamodb/logins/statistics-store.ts';
import { PortalUserStore } from '../../../lambdas/adapters/dynamodb/users/portal-user-store.ts';
import type { KmsKeyVault } from '../../../lambdas/adapters/kms/key-vault.ts';
import type { InvitationMail, SignInDirectory } from '../../../lambdas/core/accounts/members.ts';
import { type Operator, operatorIdOf } from '../../../lambdas/core/accounts/operator.ts';
import { KEY_REQUESTS_PER_MINUTE } from '../../../lambdas/core/api-keys/throttle.ts';
import { Problem } from '../../../lambdas/core/model/problem.ts';
import { publicDestinations } from '../../../lambdas/core/webhooks/destination.ts';
import { type AccountsEndpointPorts, accountsEndpoint } from '../../../lambdas/functions/accounts/endpoint.ts';
import { automationEndpoint } from '../../../lambdas/functions/automation/endpoint.ts';
import { backendApi } from '../../../lambdas/functions/backend/endpoint.ts';
import { integrationsEndpoint } from '../../../lambdas/functions/integrations/endpoint.ts';
import { transactionsEndpoint } from '../../../lambdas/functions/transactions/endpoint.ts';
import { type UsersEndpointPorts, usersEndpoint } from '../../../lambdas/functions/users/endpoint.ts';
import type { HttpAnswer, HttpHandler } from '../../../lambdas/http/endpoint.ts';
import { apiEvent } from '../../../local/edge/gateway-event.ts';
import { CALLER_ADDRESS, decodedPath } from '../../support/wire-event.ts';
import { createWorld, PUBLIC_ORIGIN } from '../../support/world.ts';

const ISSUER = 'https://login.example.com/';

export type { BackendRouteName, PortalRouteName };

export interface PortalRequest {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Seconds since the operator authenticated; null: the token does not say. */
  readonly signedInAgo?: number | null;
  /** Claims of the token that differ from the default; undefined: not in it. */
  readonly claims?: Readonly<Record<string, string | undefined>>;
}

/** As with an external issuer. */
const NO_DIRECTORY: SignInDirectory = { admit: async () => false };

/** The portal's Lambdas over the stores of a world, and the operators who call them. */
export const createPortal = async (isSignUpOpen = true, signInDirectory: SignInDirectory = NO_DIRECTORY) => {
  const world = await createWorld();
  if (!isSignUpOpen) await world.removeAccount();
  const { documents, tables, ports } = world;
  const items = new AccountItemStore(documents, { items: tables.ACCOUNT_ITEM_TABLE });
  const audit = new AuditStore(documents, tables.AUDIT_TABLE);
  const auditReader = new AuditPages(documents, tables.AUDIT_TABLE);
  const shared = {
    operators: items,
    audit,
    clock: ports.clock,
    log: ports.log,
  };
  const names = {
    integrations: tables.INTEGRATION_TABLE,
    items: tables.ACCOUNT_ITEM_TABLE,
    jobs: tables.DUE_WORK_TABLE,
  };
  const integrations = new PortalIntegrationStore(documents, names);
  const mails: Parameters<InvitationMail['sendInvitation']>[0][] = [];
  /** What happens to the next e-mails to operators. */
  const mailer: { fate: 'sent' | 'none' | 'failed' } = { fate: 'sent' };
  const users = new PortalUserStore(documents, { users: tables.USER_TABLE, jobs: tables.DUE_WORK_TABLE });
  const userPorts: UsersEndpointPorts = { ...shared, integrations, users, references: ports.references };
  /** The `users` Lambda with some ports replaced, e.g. by ones that fail. */
  const usersWith = (replaced: Partial<UsersEndpointPorts>) => usersEndpoint({ ...userPorts, ...replaced });
  const apiKeys = new ApiKeyStore(documents, { items: tables.ACCOUNT_ITEM_TABLE, jobs: tables.DUE_WORK_TABLE });
  /** One instance of the function, with the requests per minute that a key has. */
  const newBackend = (requestsPerMinute = KEY_REQUESTS_PER_MINUTE) =>
    backendApi({ ...shared, apiKeys, integrations, users, references: ports.references, requestsPerMinute });
  const accountPorts: AccountsEndpointPorts = {
    ...shared,
    accounts: new AccountStore(documents, tables.ACCOUNT_TABLE),
    auditReader,
    founding: new FoundingStore(documents, { accounts: tables.ACCOUNT_TABLE, items: tables.ACCOUNT_ITEM_TABLE }),
    signUp: isSignUpOpen ? 'open' : 'closed',
    members: new AccountMemberStore(documents, { items: tables.ACCOUNT_ITEM_TABLE }),
    invitationMail: {
      sender: 'verified@acme.example',
      sendInvitation: async (mail) => {
        if (mailer.fate === 'failed') throw new Problem('unavailable', 'SES SendEmail failed');
        if (mailer.fate === 'none') return false;
        mails.push(mail);
        return true;
      },
    },
    signInDirectory,
    publicOrigin: PUBLIC_ORIGIN,
  };
  /** The `accounts` Lambda with some ports replaced. */
  const accountsWith = (replaced: Partial<AccountsEndpointPorts>) => accountsEndpoint({ ...accountPorts, ...replaced });
  const handlers = {
    automation: automationEndpoint({
      ...shared,
      integrations,
      apiKeys,
      webhooks: world.webhooks,
      webhookSecrets: world.webhookSecrets,
      destinations: publicDestinations,
      jobs: world.queue,
    }),
    backend: newBackend(),
    accounts: accountsEndpoint(accountPorts),
    users: usersEndpoint(userPorts),
    integrations: integrationsEndpoint({
      ...shared,
      integrations,
      removal: new IntegrationRemovalStore(documents, names),
      tenantContacts: world.tenantContacts,
      secretUses: world.secretUses,
      keySealer: ports.keyVault as KmsKeyVault,
      switchOff: switchOffIn(documents, names),
    }),
    transactions: transactionsEndpoint({
      ...shared,
      integrations,
      transactions: new TransactionStore(documents, tables.TRANSACTION_TABLE),
      statistics: new StatisticsStore(documents, tables.STATISTICS_TABLE),
    }),
  };
  const send = async (
    route: { readonly method: string; readonly path: string; readonly lambda: keyof typeof handlers },
    request: PortalRequest,
    caller: { readonly headers?: object; readonly authorizer?: object },
    handler?: HttpHandler,
  ) => {
    const event = apiEvent(route, {
      rawPath: decodedPath(route.path, request.path),
      pathParameters: request.path,
      query: new URLSearchParams(request.query).toString(),
      headers: { 'content-type': 'application/json', ...caller.headers },
      ...(request.body === undefined ? {} : { body: Buffer.from(JSON.stringify(request.body)) }),
      sourceIp: CALLER_ADDRESS,
      authorizer: caller.authorizer,
    });
    const answer = await (handler ?? handlers[route.lambda])(event, {});
    const body: unknown = answer.body === undefined || answer.body === '' ? null : JSON.parse(answer.body);
    return { status: answer.statusCode, body, answer };
  };
  /** A call of a backend; null: without a key. */
  const callBackend = (
    apiKey: string | null,
    name: BackendRouteName,
    request: PortalRequest = {},
    handler?: HttpHandler,
  ) => {
    const route = BACKEND_ROUTES.find((each) => each.name === name);
    if (route === undefined) throw new Error(`no route ${name}`);
    return send(route, request, { headers: apiKey === null ? {} : { authorization: `Bearer ${apiKey}` } }, handler);
  };
  /** What the gateway's JWT authorizer passes on about an operator. */
  const authorizerOf = (
    subject: string,
    signedInAgo: number | null = 0,
    more: NonNullable<PortalRequest['claims']> = {},
  ) => {
    const claims = {
      iss: ISSUER,
      sub: subject,
      aud: 'verified-portal',
      email: `${subject}@harbour-bank.example`,
      email_verified: 'true',
      ...(signedInAgo === null ? {} : { auth_time: String(world.now() - signedInAgo) }),
      ...more,
    };
    return { jwt: { claims, scopes: [] } };
  };
  /** A call as the gateway passes it on after its JWT authorizer; null: without claims. */
  const call = async (
    subject: string | null,
    name: PortalRouteName,
    request: PortalRequest = {},
    handler?: HttpHandler,
  ): Promise<{ readonly status: number | undefined; readonly body: unknown; readonly answer: HttpAnswer }> => {
    const route = PORTAL_ROUTES.find((each) => each.name === name);
    if (route === undefined) throw new Error(`no route ${name}`);
    const authorizer = { authorizer: authorizerOf(subject ?? '', request.signedInAgo, request.claims) };
    return send(route, request, subject === null ? {} : authorizer, handler);
  };
  /** Creates an account for an operator, if they have none. */
  const found = async (subject: string): Promise<Me> => {
    const { status, body } = await call(subject, 'portalFoundAccount');
    if (status !== 200) throw new Error(`no account for ${subject}: ${JSON.stringify(body)}`);
    return body as Me;
  };
  /** Adds an operator to an existing account. */
  const join = async (subject: string, accountId: string, role: Operator['role']): Promise<void> => {
    const operatorId = operatorIdOf({ issuer: ISSUER, subject });
    const operator: Operator = { operatorId, accountId, email: null, role, since: world.now() };
    await items.join(operator);
  };
  return {
    world,
    handlers,
    authorizerOf,
    call,
    found,
    callBackend,
    newBackend,
    apiKeys,
    join,
    items,
    audit,
    usersWith,
    users,
    accountsWith,
    members: accountPorts.members,
    mails,
    mailer,
  };
};

export type Portal = Awaited<ReturnType<typeof createPortal>>;

export const OPTIONS = {
  name: 'Customer login',
  domains: ['tenant.eu.auth0.com'],
  consent: { version: '2026-11', text: 'We compare your face with the one you enrolled here.', retentionDays: 365 },
  branding: { displayName: 'Harbour Bank' },
} as const;

/** An owner with an integration, as the portal creates it. */
export const withIntegration = async ({ call, found }: Portal, owner: string) => {
  await found(owner);
  const { body } = await call(owner, 'portalAddIntegration', { body: { options: OPTIONS } });
  const integration = body as { integrationId: string; sessionSecret: string };
  return { ...integration, path: { integrationId: integration.integrationId } };
};
