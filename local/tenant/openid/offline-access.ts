import type Provider from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { OFFLINE_PARAMETER } from '../login/login-of-context.ts';

const isAsked = (scope: unknown): boolean => typeof scope === 'string' && scope.split(' ').includes('offline_access');

/** oidc-provider drops `offline_access` if no consent is requested, and Auth0 requests none for first-party apps. This remembers it. */
export class OfflineAccess {
  readonly #pushedRequests = new Set<string>();

  watch(provider: Provider): void {
    provider.use(async (ctx, next) => {
      if (ctx.path === '/authorize' && isAsked(ctx.query['scope'])) {
        ctx.query = { ...ctx.query, [OFFLINE_PARAMETER]: '1' };
      }
      await next();
    });
    provider.on('pushed_authorization_request.success', (ctx) => {
      const { PushedAuthorizationRequest: request } = ctx.oidc.entities;
      if (request !== undefined && isAsked(ctx.oidc.body?.['scope'])) this.#pushedRequests.add(request.jti);
    });
  }

  /** True if the app requested it when this login began. */
  isAsked(ctx: KoaContextWithOIDC): boolean {
    const { PushedAuthorizationRequest, Interaction } = ctx.oidc.entities;
    const pushed = PushedAuthorizationRequest?.jti ?? (Interaction as { parJti?: string } | undefined)?.parJti ?? '';
    return ctx.oidc.params?.[OFFLINE_PARAMETER] !== undefined || this.#pushedRequests.has(pushed);
  }
}
