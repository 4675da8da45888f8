import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Session } from '../../../web/portal/session/sign-in.ts';

const ISSUER = 'https://login.example.com';
const ORIGIN = 'https://verify.example.com';
const PAGE = `${ORIGIN}/portal/`;
const NOW_MS = 1_795_000_000_000;
const TOKEN_SECONDS = 3600;

class MemoryStorage {
  readonly #items = new Map<string, string>();
  get length(): number {
    return this.#items.size;
  }
  key(index: number): string | null {
    return [...this.#items.keys()][index] ?? null;
  }
  getItem(name: string): string | null {
    return this.#items.get(name) ?? null;
  }
  setItem(name: string, value: string): void {
    this.#items.set(name, value);
  }
  removeItem(name: string): void {
    this.#items.delete(name);
  }
}

const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
/** An ID token as the issuer issues it now; pages read its claims, and the service checks its signature. */
const idToken = (jti: string): string => {
  const iat = Math.floor(Date.now() / 1000);
  const claims = { iss: ISSUER, aud: 'portal', sub: 'olivia', iat, exp: iat + TOKEN_SECONDS, jti };
  return `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode({ ...claims, auth_time: NOW_MS / 1000 })}.signature`;
};

/** The issuer's answers to token requests, in order. */
let answers: (() => Response)[];
let asked: URLSearchParams[];
let assigned: string[];

const answerWith = (jti: string, refreshToken?: string) => (): Response =>
  Response.json({
    id_token: idToken(jti),
    access_token: 'access',
    token_type: 'Bearer',
    ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
  });
const refuse = (): Response => Response.json({ error: 'invalid_grant' }, { status: 400 });

const respond = async (url: string | URL | Request, options?: RequestInit): Promise<Response> => {
  const address = String(url);
  if (address.endsWith('/.well-known/openid-configuration')) {
    return Response.json({
      issuer: ISSUER,
      authorization_endpoint: `${ISSUER}/authorize`,
      token_endpoint: `${ISSUER}/token`,
    });
  }
  asked.push(new URLSearchParams(String(options?.body)));
  return answers.shift()?.() ?? refuse();
};

const standAt = (href: string): void => {
  const { pathname, search, hash } = new URL(href);
  vi.stubGlobal('location', {
    href,
    pathname,
    search,
    hash,
    origin: ORIGIN,
    assign: (to: string) => assigned.push(to),
  });
};

beforeEach(() => {
  [answers, asked, assigned] = [[], [], []];
  vi.useFakeTimers({ toFake: ['Date'], now: NOW_MS });
  vi.stubGlobal('fetch', respond);
  vi.stubGlobal('sessionStorage', new MemoryStorage());
  vi.stubGlobal('localStorage', new MemoryStorage());
  vi.stubGlobal('history', { replaceState: () => {} });
  standAt(`${PAGE}users?state=locked`);
});
afterEach(() => void vi.useRealTimers());

const passSeconds = (seconds: number): void => void vi.setSystemTime(Date.now() + seconds * 1000);

/** Goes to the issuer and returns with its answer. */
const signedIn = async (refreshToken?: string): Promise<Session> => {
  const session = new Session({ issuer: ISSUER, clientId: 'portal', scope: 'openid' });
  await session.signIn('start');
  const state = new URL(assigned.at(-1) ?? '').searchParams.get('state') ?? '';
  answers.push(answerWith('first', refreshToken));
  standAt(`${PAGE}?${new URLSearchParams({ code: 'code', state })}`);
  expect(await session.resume()).toBe('/users?state=locked');
  return session;
};
const jtiOf = (token: string | null): string | null =>
  token === null ? null : JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).jti;

describe('a token of the portal', () => {
  test('is used until a minute before it expires, without a request to the issuer', async () => {
    const session = await signedIn('refresh-1');
    passSeconds(TOKEN_SECONDS - 61);
    expect(jtiOf(await session.token())).toBe('first');
    expect(asked).toHaveLength(1);
  });

  test('is renewed once, however many calls wait for it, and later with the newest refresh token', async () => {
    const session = await signedIn('refresh-1');
    passSeconds(TOKEN_SECONDS - 30);
    answers.push(answerWith('second', 'refresh-2'), answerWith('third'));
    const tokens = await Promise.all([session.token(), session.token(), session.token()]);
    expect(tokens.map(jtiOf)).toEqual(['second', 'second', 'second']);
    passSeconds(TOKEN_SECONDS - 30);
    expect(jtiOf(await session.token())).toBe('third');
    expect(asked.slice(1).map((body) => [body.get('grant_type'), body.get('refresh_token')])).toEqual([
      ['refresh_token', 'refresh-1'],
      ['refresh_token', 'refresh-2'],
    ]);
  });

  test.each([
    ['the issuer gave no refresh token', undefined],
    ['the issuer refuses the refresh token', 'refresh-1'],
  ])('ends the session if %s', async (_, refreshToken) => {
    const session = await signedIn(refreshToken);
    passSeconds(TOKEN_SECONDS - 30);
    answers.push(refuse);
    expect(await session.token()).toBe(null);
  });

  test('T67 is not returned any more twelve hours after the sign-in, however often it was renewed', async () => {
    const session = await signedIn('refresh-1');
    for (let hour = 1; hour <= 12; hour += 1) {
      passSeconds(TOKEN_SECONDS - 1);
      answers.push(answerWith(`hour-${hour}`, 'refresh'));
      expect(jtiOf(await session.token())).toBe(`hour-${hour}`);
    }
    passSeconds(13);
    expect(await session.token()).toBe(null);
  });
});
