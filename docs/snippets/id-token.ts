import { type JWTVerifyGetKey, jwtVerify } from 'jose';
import { type SecondFactor, secondFactorOf } from './second-factor.ts';

const NAMESPACE = 'https://authid.ai/claims/';

/** How an app knows its tenant. */
export interface AppOptions {
  /** `https://your-tenant.eu.auth0.com/`, with the slash. */
  readonly issuer: string;
  /** The app's own Client ID. */
  readonly clientId: string;
  /** `createRemoteJWKSet(new URL('.well-known/jwks.json', issuer))` */
  readonly keys: JWTVerifyGetKey;
}

/**
 * What this very login says about the face check, for frameworks that hand over the original ID token. Never from `/userinfo`: the
 * claims there may be those of another session.
 * @param userId the user whom the framework logs in
 * @returns null for a login without a second factor
 * @throws if the token is not valid, not for this app, or not of this user
 */
export const faceOfLogin = async (
  idToken: string,
  userId: string,
  { issuer, clientId, keys }: AppOptions,
): Promise<SecondFactor | null> => {
  const checks = { issuer, audience: clientId, subject: userId, algorithms: ['RS256'] };
  const { payload } = await jwtVerify(idToken, keys, checks);
  return secondFactorOf(payload, NAMESPACE);
};
