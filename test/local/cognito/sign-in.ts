import { totp } from '../../../local/cognito/totp.ts';
import { CLIENT_ID, type Pool } from './pool.ts';

const APP_URL = 'https://verify.example.com/portal/';
/** The password that every test operator chooses at the first sign-in. */
export const CHOSEN_PASSWORD = 'Chosen-by-the-person-1';

const fieldOf = (page: string, name: string): string =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1] ?? '';

/**
 * Signs in as an operator does for the first time: temporary password, own password, authenticator app.
 * @returns the address that the browser is sent back to
 * @throws Error with the text of the page that refuses
 */
export const signIn = async (
  pool: Pool,
  email: string,
  password: string,
  atMs = Date.now(),
  clientId = CLIENT_ID,
): Promise<string> => {
  // Names below `.localhost` resolve to this machine in browsers only.
  const origin = `http://127.0.0.1:${new URL(pool.loginOrigin).port}`;
  const post = (path: string, fields: Record<string, string>) =>
    fetch(`${origin}${path}`, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });
  const pageOf = async (response: Response): Promise<string> => {
    const page = await response.text();
    const problem = /role="alert">([^<]*)/.exec(page)?.[1];
    if (problem !== undefined) throw new Error(problem);
    return page;
  };
  const query = new URLSearchParams({
    client_id: clientId,
    redirect_uri: APP_URL,
    response_type: 'code',
    scope: 'openid email',
  });
  const first = await pageOf(await post(`/login?${query}`, { username: email, password }));
  const second = await pageOf(
    await post('/challenge', { session: fieldOf(first, 'session'), answer: CHOSEN_PASSWORD }),
  );
  const secret = /<code>(\w+)<\/code>/.exec(second)?.[1] ?? '';
  const done = await post('/challenge', { session: fieldOf(second, 'session'), answer: totp(secret, atMs) });
  return done.headers.get('location') ?? '';
};
