import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import type { PoolUser } from './pool-users.ts';

/** The result of a sign-in: who, when, and by which request. */
export interface SignIn {
  readonly user: PoolUser;
  /** Epoch seconds at which the user authenticated; a renewal does not change it. */
  readonly authTime: number;
  readonly nonce: string | null;
  readonly originJti: string;
}

export interface PoolTokensOptions {
  /** e.g. `https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEf123` */
  readonly issuer: string;
  readonly clientId: string;
  readonly clockMs: () => number;
}

const KEY_ID = 'pool-key-1';
export const TOKEN_SECONDS = 3600;

/**
 * ID and access tokens with Cognito's claims: `token_use` in both, `aud` in the ID token only, `client_id` in the access token
 * only, `email_verified` as a boolean.
 * Source: Cognito developer guide, "Understanding the identity (ID) token" and "Understanding the access token".
 */
export class PoolTokens {
  readonly #options: PoolTokensOptions;
  readonly #key: CryptoKey;
  readonly jwks: { readonly keys: readonly JWK[] };

  private constructor(options: PoolTokensOptions, key: CryptoKey, publicKey: JWK) {
    this.#options = options;
    this.#key = key;
    this.jwks = { keys: [{ ...publicKey, kid: KEY_ID, alg: 'RS256', use: 'sig' }] };
  }

  static async create(options: PoolTokensOptions): Promise<PoolTokens> {
    const { privateKey, publicKey } = await generateKeyPair('RS256');
    return new PoolTokens(options, privateKey, await exportJWK(publicKey));
  }

  async issue(signIn: SignIn): Promise<{ readonly id_token: string; readonly access_token: string }> {
    const { user, authTime, nonce, originJti } = signIn;
    const { clientId } = this.#options;
    const common = { sub: user.sub, event_id: randomUUID(), origin_jti: originJti, auth_time: authTime };
    const [id_token, access_token] = await Promise.all([
      this.#sign({
        ...common,
        aud: clientId,
        token_use: 'id',
        'cognito:username': user.sub,
        email: user.email,
        email_verified: user.isEmailVerified,
        ...(nonce === null ? {} : { nonce }),
      }),
      this.#sign({ ...common, client_id: clientId, token_use: 'access', username: user.sub, scope: 'openid email' }),
    ]);
    return { id_token, access_token };
  }

  #sign(claims: Readonly<Record<string, unknown>>): Promise<string> {
    const now = Math.floor(this.#options.clockMs() / 1000);
    return new SignJWT({ iss: this.#options.issuer, iat: now, exp: now + TOKEN_SECONDS, jti: randomUUID(), ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: KEY_ID })
      .sign(this.#key);
  }
}
