import type { ErrorRequestHandler, RequestHandler } from 'express';
import 'express-openid-connect';
import { FACE_ACR, isRecent, secondFactorOf } from './second-factor.ts';

const NAMESPACE = 'https://authid.ai/claims/';

/** Opens a page only after a face check within the last `maxAgeSeconds`, and asks for one, once, if there is none. */
export const requireFace =
  (maxAgeSeconds: number): RequestHandler =>
  (request, response, next) => {
    const factor = secondFactorOf(request.oidc.idTokenClaims ?? {}, NAMESPACE);
    if (isRecent(factor, maxAgeSeconds, Date.now() / 1000)) return next();
    // Back from the tenant and still no face check: acr_values was removed on the way. Asking automatically again would loop.
    if (request.query['asked'] !== undefined) {
      response.status(403).type('text').send('There was no face check. Open the page again to be asked for one.');
      return;
    }
    const { pathname, searchParams } = new URL(`http://localhost${request.originalUrl}`);
    searchParams.set('asked', '1');
    // One slash in front: `//other.example/` would be an address at another host.
    const returnTo = `/${pathname.replace(/^\/+/, '')}?${searchParams}`;
    response.oidc.login({ returnTo, authorizationParams: { acr_values: FACE_ACR } });
  };

/** After the routes: a denied login ends on a page. Nothing there starts a login by itself. */
export const showRefusal: ErrorRequestHandler = (error, _request, response, next) => {
  if (error.error !== 'access_denied') return next(error);
  // `face_locked: Too many failed face checks. … Support id 7KQF-2M9D`: the code is stable, the text may change.
  const description = String(error.error_description ?? 'The login was denied.');
  response.status(403).type('text').send(description);
};
