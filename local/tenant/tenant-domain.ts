import express, { type Express, type Request, type Response, type Router } from 'express';
import type { Interaction, KoaContextWithOIDC } from 'oidc-provider';
import { BrowserBinding } from './login/browser-binding.ts';
import { addContinueRoutes } from './login/continue-routes.ts';
import type { Journal } from './login/journal.ts';
import { addLoginRoutes } from './login/login-routes.ts';
import { addMfaRoutes, mfaAddress } from './login/mfa-routes.ts';
import { ActionsProvider, type ProviderOptions } from './openid/provider.ts';
import type { TenantClient } from './openid/tenant-client.ts';
import { sendPage, textOf } from './pages/respond.ts';
import type { NewUser } from './user-store.ts';

/** What one host name of the tenant works with. */
export interface DomainOptions extends Omit<ProviderOptions, 'onInteraction'> {
  readonly journal: Journal;
  /** Users offered on the login page. */
  readonly hints: readonly NewUser[];
  readonly log: (line: string) => void;
  readonly management: Router;
}

const MAX_BODY = '64kb';

/** Auth0's older logout; `returnTo` must be an address of the app, or of any app if none is named. */
const addLogoutRoute = (app: Express, clients: readonly TenantClient[]): void => {
  app.get('/v2/logout', (request, response) => {
    const [clientId, returnTo] = [textOf(request.query['client_id']), textOf(request.query['returnTo'])];
    const candidates = clients.filter((client) => clientId === '' || client.clientId === clientId);
    const client = candidates.find(({ logoutUris }) => returnTo === '' || logoutUris.includes(returnTo));
    if (client === undefined) {
      return sendPage(response, 400, 'The logout cannot continue', 'The app does not know the returnTo address.');
    }
    const query = { client_id: client.clientId, ...(returnTo === '' ? {} : { post_logout_redirect_uri: returnTo }) };
    return response.redirect(302, `/oidc/logout?${new URLSearchParams(query)}`);
  });
};

/** Sends a stopped login on: to its login page, to an Action's redirect, or to the tenant's own second step. */
const addressOf = (
  binding: BrowserBinding,
  expect: (state: string, uid: string) => void,
  ctx: KoaContextWithOIDC,
  { uid, prompt, params }: Interaction,
): string => {
  const cookie = binding.bind(uid, ctx.get('cookie'));
  if (cookie !== null) ctx.append('set-cookie', cookie);
  if (prompt.name === 'mfa') return mfaAddress(uid);
  if (prompt.name === 'actions') {
    expect(textOf(prompt.details['state']), uid);
    return textOf(prompt.details['url']);
  }
  return `${params['screen_hint'] === 'signup' ? '/u/signup' : '/u/login'}?state=${uid}`;
};

/** Everything that browsers and apps reach under one host name, the tenant's own or a custom domain, with separate sessions. */
export const tenantDomain = (options: DomainOptions): Express => {
  const { clients, users, pipeline, hostname, journal, hints, clockMs, log } = options;
  const app = express();
  app.disable('x-powered-by');
  app.use('/api/v2', options.management);
  const binding = new BrowserBinding();
  const tenant: ActionsProvider = new ActionsProvider({
    ...options,
    onInteraction: (ctx, interaction) => addressOf(binding, expect, ctx, interaction),
  });
  app.use(['/u', '/continue'], express.urlencoded({ extended: false, limit: MAX_BODY }));
  addLoginRoutes(app, { tenant, binding, users, clients, hints, clockMs });
  addMfaRoutes(app, { tenant, binding, users, journal, clockMs });
  const expect = addContinueRoutes(app, { tenant, binding, pipeline, hostname });
  addLogoutRoute(app, clients);
  app.use(tenant.provider.callback());
  app.use((error: Error, _request: Request, response: Response, _next: () => void) => {
    log(`tenant: ${error.name}: ${error.message}`);
    sendPage(response, 400, 'This login is over', 'Go back to the application and log in again.');
  });
  return app;
};
