import type { Request, Response } from 'express';
import type { AuthorizeRequest } from './login-sessions.ts';

/** The only app client of the pool: a public one with the code grant. */
export interface PoolClient {
  readonly clientId: string;
  readonly callbackUrls: readonly string[];
  readonly logoutUrls: readonly string[];
}

export const parameter = (source: unknown, name: string): string | null => {
  const value = (source as Record<string, unknown> | undefined)?.[name];
  return typeof value === 'string' && value !== '' ? value : null;
};

/** @returns the request, or the error to show if it must not be sent back to an app */
export const readAuthorizeRequest = (client: PoolClient, { query, url }: Request): AuthorizeRequest | string => {
  const read = (name: string): string | null => parameter(query, name);
  const redirectUri = read('redirect_uri') ?? '';
  if (read('client_id') !== client.clientId) return 'invalid_client';
  if (!client.callbackUrls.includes(redirectUri)) return 'redirect_mismatch';
  // Implicit grants are disabled in the client's settings.
  if (read('response_type') !== 'code') return 'unauthorized_client';
  const codeChallenge = read('code_challenge');
  if (codeChallenge !== null && read('code_challenge_method') !== 'S256') return 'invalid_request';
  return { redirectUri, state: read('state'), nonce: read('nonce'), codeChallenge, query: url.split('?')[1] ?? '' };
};

export const backToApp = (
  response: Response,
  { redirectUri, state }: AuthorizeRequest,
  answer: Readonly<Record<string, string>>,
): void => {
  const url = new URL(redirectUri);
  for (const [name, value] of Object.entries({ ...answer, ...(state === null ? {} : { state }) })) {
    url.searchParams.set(name, value);
  }
  response.redirect(302, url.href);
};
