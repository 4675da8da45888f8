import type { RequestHandler } from 'express';
import { type JWTVerifyGetKey, jwtVerify } from 'jose';
import { FACE_ACR, isRecent, secondFactorOf } from './second-factor.ts';

const NAMESPACE = 'https://authid.ai/claims/';

/** How an API knows its tenant. */
export interface ApiOptions {
  /** `https://your-tenant.eu.auth0.com/`, with the slash. */
  readonly issuer: string;
  /** The API's identifier in Auth0. */
  readonly audience: string;
  /** `createRemoteJWKSet(new URL('.well-known/jwks.json', issuer))` */
  readonly keys: JWTVerifyGetKey;
}

const refuse = (error: string, more = ''): string => `Bearer error="${error}"${more}`;

/** Serves a request only if its access token says that the face was checked within the last `maxAgeSeconds`. */
export const requireFaceToken =
  ({ issuer, audience, keys }: ApiOptions, maxAgeSeconds: number): RequestHandler =>
  async (request, response, next) => {
    const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const verified = await jwtVerify(token, keys, { issuer, audience, algorithms: ['RS256'] }).catch(() => null);
    if (verified === null) {
      response.status(401).set('www-authenticate', refuse('invalid_token')).end();
      return;
    }
    const factor = secondFactorOf(verified.payload, NAMESPACE);
    if (isRecent(factor, maxAgeSeconds, Date.now() / 1000)) return next();
    // RFC 9470: says which step-up the app needs.
    const needed = `, acr_values="${FACE_ACR}", max_age="${maxAgeSeconds}"`;
    response.status(401).set('www-authenticate', refuse('insufficient_user_authentication', needed)).end();
  };
