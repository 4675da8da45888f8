import type { ActionEffects } from '../actions/action-effects.ts';
import type {
  ActionClient,
  ActionEvent,
  ActionRequest,
  AuthenticationMethod,
  LoginTransaction,
  TenantUser,
} from '../actions/action-event.ts';
import type { Organization } from '../openid/tenant-client.ts';

/** A login as the provider passes it to the pipeline. */
export interface Login {
  readonly transaction: LoginTransaction;
  readonly request: ActionRequest;
  readonly user: TenantUser;
  readonly client: ActionClient;
  /** Host name of the custom domain that the login runs on; null on the tenant's own. */
  readonly customDomain: string | null;
  readonly organization: Organization | null;
  /** The API requested by `audience`. */
  readonly audience: string | null;
  /** The browser session; null without a browser. */
  readonly sessionId: string | null;
  /** False if no browser can follow a redirect: refresh, `prompt=none`. */
  readonly canLeave: boolean;
  readonly loginsCount: number;
  /** Metadata of the refresh token that is exchanged; null in any other flow. */
  readonly refreshTokenMetadata: Readonly<Record<string, string>> | null;
}

interface EventContext {
  readonly effects: ActionEffects;
  readonly methods: readonly AuthenticationMethod[];
  readonly tenantId: string;
  readonly secrets: Readonly<Record<string, string>>;
}

const CONNECTION = { name: 'Username-Password-Authentication', strategy: 'auth0' } as const;

const organizationOf = ({ id, name, displayName, metadata }: Organization) => ({
  organization: { id, name, display_name: displayName, metadata },
});

/** The user as Actions see it, without the store's other fields. */
export const publicUser = ({ user_id, email, email_verified, name, app_metadata, user_metadata }: TenantUser) => ({
  user_id,
  email,
  email_verified,
  name,
  nickname: email.split('@')[0] ?? email,
  app_metadata,
  user_metadata,
  enrolledFactors: [],
  multifactor: [],
  identities: [
    {
      provider: CONNECTION.strategy,
      connection: CONNECTION.name,
      user_id: user_id.replace(/^auth0\|/, ''),
      isSocial: false,
    },
  ],
});

/** The event of one handler call: new for each call, so that recorded methods and metadata are visible to the next Action. */
export const eventOf = (login: Login, { effects, methods, tenantId, secrets }: EventContext): ActionEvent => ({
  transaction: { ...login.transaction, metadata: Object.fromEntries(effects.transactionMetadata) },
  request: login.request,
  ...(login.sessionId === null ? {} : { session: { id: login.sessionId }, authentication: { methods } }),
  ...(login.refreshTokenMetadata === null ? {} : { refresh_token: { metadata: login.refreshTokenMetadata } }),
  user: publicUser(login.user),
  client: login.client,
  connection: CONNECTION,
  ...(login.customDomain === null ? {} : { custom_domain: { domain: login.customDomain } }),
  ...(login.organization === null ? {} : organizationOf(login.organization)),
  ...(login.audience === null ? {} : { resource_server: { identifier: login.audience } }),
  tenant: { id: tenantId },
  stats: { logins_count: login.loginsCount },
  secrets,
  configuration: {},
});
