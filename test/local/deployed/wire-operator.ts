import { createHash, randomBytes } from 'node:crypto';
import { type Platform, SEED_USERS } from '../../../local/platform/start-platform.ts';
import { BrowserlessAgent, loopbackFetch } from '../../support/browserless-agent.ts';
import type { Answer, Credentials } from './wire-login.ts';

const CLIENT_ID = 'verified-portal';
const [, , OPERATOR] = SEED_USERS;

/** Calls of the API with a token, as the portal's pages or a backend send them. */
export const callsWith = (platform: Platform, token: string) => {
  const send = async (method: string, path: string, body?: object): Promise<Answer> => {
    const response = await loopbackFetch(`${platform.verified}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? null : JSON.parse(text) };
  };
  return {
    get: (path: string) => send('GET', path),
    post: (path: string, body: object) => send('POST', path, body),
    patch: (path: string, body: object) => send('PATCH', path, body),
    delete: (path: string) => send('DELETE', path),
  };
};
export type Calls = ReturnType<typeof callsWith>;

/** Signs in at the portal's issuer, with PKCE as the portal does. */
export const signInOperator = async (
  platform: Platform,
  { email, password }: Credentials = OPERATOR,
  isNew = false,
): Promise<Calls> => {
  const verifier = randomBytes(32).toString('base64url');
  const query = new URLSearchParams({
    client_id: CLIENT_ID,
    response_type: 'code',
    redirect_uri: platform.portal,
    scope: 'openid profile email',
    state: 's',
    // Makes the token say when the operator authenticated.
    max_age: '43200',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const agent = new BrowserlessAgent((url) => !url.pathname.startsWith('/portal/'));
  const form = await agent.open(`${platform.tenant}authorize?${query}`);
  const signUp = new URL(form.url.href.replace('/u/login', '/u/signup'));
  const back = isNew
    ? await agent.submit(await agent.open(signUp), { email, password, name: 'New Operator' })
    : await agent.submit(form, { email, password });
  const answer = await loopbackFetch(`${platform.tenant}oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: CLIENT_ID,
      code: back.url.searchParams.get('code') ?? '',
      redirect_uri: platform.portal,
      code_verifier: verifier,
    }).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin: new URL(platform.portal).origin },
  });
  const { id_token: token } = (await answer.json()) as { id_token?: string };
  if (token === undefined) throw new Error(`no token: ${answer.status} at ${back.url}`);
  return callsWith(platform, token);
};
