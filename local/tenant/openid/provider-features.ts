import type { Configuration, KoaContextWithOIDC } from 'oidc-provider';
import { errorPage, logoutPage, PAGE_HEADERS } from '../pages/pages.ts';
import { deviceCodePage, deviceConfirmPage } from './device-pages.ts';
import { errors } from './oidc-provider.ts';
import type { TenantApi, TenantClient } from './tenant-client.ts';

type Features = NonNullable<Configuration['features']>;

/** Answers with a page of the tenant. */
export const showPage = (ctx: KoaContextWithOIDC, html: string): void => {
  ctx.set(PAGE_HEADERS);
  ctx.body = html;
};

/** The scopes of an API that every access token of a user may carry. */
export const scopesOf = (api: TenantApi): string => ['openid profile email', ...api.scopes].join(' ');

/** The format of an API's access tokens. */
export const apiToken = (audience: string, scope: string) => ({
  audience,
  scope,
  accessTokenFormat: 'jwt' as const,
  jwt: { sign: { alg: 'RS256' as const } },
});

/** Scopes of an API that an admin granted to an app; undefined if the API was not granted at all. */
export const grantedTo = (clients: readonly TenantClient[], clientId: string, audience: string) =>
  clients.find((known) => known.clientId === clientId)?.clientGrants?.find((grant) => grant.audience === audience)
    ?.scopes;

const apiFeature = (apis: readonly TenantApi[], clients: readonly TenantClient[]) => ({
  enabled: true,
  defaultResource: (ctx: KoaContextWithOIDC): string => {
    const audience = ctx.oidc.params?.['audience'];
    // An empty resource means none; the types of oidc-provider allow strings only.
    return typeof audience === 'string' ? audience : '';
  },
  useGrantedResource: () => true,
  getResourceServerInfo: (ctx: KoaContextWithOIDC, audience: string) => {
    const api = apis.find((known) => known.audience === audience);
    if (api === undefined) throw new errors.AccessDenied(`Service not found: ${audience}`);
    if (api.isLimitedToGrants !== true) return apiToken(audience, scopesOf(api));
    const granted = grantedTo(clients, ctx.oidc.client?.clientId ?? '', audience);
    if (granted === undefined) throw new errors.AccessDenied(`Client is not authorized to access "${audience}".`);
    return apiToken(audience, granted.join(' '));
  },
});

const deviceFeature: NonNullable<Features['deviceFlow']> = {
  enabled: true,
  userCodeInputSource: (ctx, form, out, error) => {
    // What stopped a login is in the cause: an Action's denial is shown here as it is reported to the device.
    const reason = (error as (Error & { cause?: { error_description?: string } }) | undefined)?.cause;
    const text = out === undefined && error === undefined ? null : (reason?.error_description ?? null);
    showPage(ctx, deviceCodePage(form, error?.name ?? null, text));
  },
  userCodeConfirmSource: (ctx, form, client, _device, code) =>
    showPage(ctx, deviceConfirmPage(form, client.clientName ?? client.clientId, code)),
  successSource: (ctx) => showPage(ctx, errorPage('The device is connected', 'You can close this page.')),
};

/** What oidc-provider does in addition to its basic flows. */
export const providerFeatures = (apis: readonly TenantApi[], clients: readonly TenantClient[]): Features => ({
  devInteractions: { enabled: false },
  revocation: { enabled: true },
  deviceFlow: deviceFeature,
  pushedAuthorizationRequests: { enabled: true },
  resourceIndicators: apiFeature(apis, clients),
  rpInitiatedLogout: {
    enabled: true,
    logoutSource: (ctx, form) => showPage(ctx, logoutPage(form)),
    postLogoutSuccessSource: (ctx) => showPage(ctx, errorPage('You are logged out', 'You can close this page.')),
  },
});
