import type { Request, Response } from 'express';
import { parameter } from './authorize-request.ts';
import type { LoginSessions } from './login-sessions.ts';
import { type PoolTokens, type SignIn, TOKEN_SECONDS } from './pool-tokens.ts';

export interface TokenEndpointOptions {
  readonly clientId: string;
  readonly tokens: PoolTokens;
  readonly sessions: LoginSessions;
}

const signInOf = (sessions: LoginSessions, body: unknown): SignIn | null => {
  const read = (name: string): string => parameter(body, name) ?? '';
  switch (read('grant_type')) {
    case 'authorization_code':
      return sessions.takeCode(read('code'), read('redirect_uri'), parameter(body, 'code_verifier'));
    case 'refresh_token':
      return sessions.readRefreshToken(read('refresh_token'));
    default:
      return null;
  }
};

/**
 * `/oauth2/token`: only a code yields a refresh token, and a renewal leaves `auth_time` unchanged.
 * Source: Cognito developer guide, "The token issuer endpoint" and "Understanding the access token", `auth_time`.
 */
export const tokenEndpoint =
  ({ clientId, tokens, sessions }: TokenEndpointOptions) =>
  async ({ body }: Request, response: Response): Promise<void> => {
    response.setHeader('access-control-allow-origin', '*');
    const isKnownClient = parameter(body, 'client_id') === clientId;
    const signIn = isKnownClient ? signInOf(sessions, body) : null;
    if (signIn === null) {
      response.status(400).json({ error: isKnownClient ? 'invalid_grant' : 'invalid_client' });
      return;
    }
    const isFirst = parameter(body, 'grant_type') === 'authorization_code';
    response.json({
      ...(await tokens.issue(signIn)),
      ...(isFirst ? { refresh_token: sessions.addRefreshToken(signIn) } : {}),
      expires_in: TOKEN_SECONDS,
      token_type: 'Bearer',
    });
  };
