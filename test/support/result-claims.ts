import { resultAudience } from '../../contract/protocol/result-token.ts';

/**
 * The claims of an honest success, as the service answers the session token of a login.
 * @param session claims of that session token
 * @param state Auth0's, which came with it
 * @param now epoch seconds
 */
export const honestResult = (
  session: Readonly<Record<string, unknown>>,
  state: unknown,
  integrationId: string,
  now: number,
): Record<string, unknown> => {
  const { iss, sub, tx, cid, jti } = session;
  const bound = { iss, sub, aud: resultAudience(integrationId), state, tx, ref: jti, cid };
  const outcome = { res: 'verified', event: 'verified', vat: now };
  return { v: 1, use: 'result', ...bound, iat: now, exp: now + 90, jti: 'result-1', ...outcome };
};
