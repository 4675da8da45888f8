import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import express, { type Request, type Response } from 'express';
import * as client from 'openid-client';
import { Agent, type RequestInit as UndiciRequest, fetch as undiciFetch } from 'undici';
import { listen, type RunningPart } from '../aws-wire/listen.ts';
import { accountPage, BANK_STYLE, denialPage, homePage, messagePage } from './bank-pages.ts';
import { explainDenial } from './explain-denial.ts';

export interface DemoAppOptions {
  readonly port: number;
  readonly hostname: string;
  /** Issuer as browsers reach it. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly claimNamespace: string;
}

export interface RunningDemoApp extends RunningPart {
  /** Address for browsers. */
  readonly publicUrl: string;
}

interface PendingLogin {
  readonly nonce: string;
  readonly codeVerifier: string;
}

const COOKIE = 'harbour_bank';
const HEADERS = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'content-security-policy':
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
};

const token = (): string => randomBytes(32).toString('base64url');
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Node resolves no `*.localhost` names, as browsers do (RFC 6761 section 6.3): calls to the tenant get loopback as its address. */
const loopback = new Agent({
  connect: { lookup: (_name, _options, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]) },
});
const loopbackFetch: client.CustomFetch = (url, options) =>
  undiciFetch(url, { ...(options as UndiciRequest), dispatcher: loopback }) as unknown as Promise<globalThis.Response>;

const discover = (options: DemoAppOptions): Promise<client.Configuration> =>
  client.discovery(new URL(options.issuer), options.clientId, options.clientSecret, client.ClientSecretPost(), {
    execute: [client.allowInsecureRequests],
    [client.customFetch]: loopbackFetch,
  });

/** The bank's logins: what is under way by OAuth state, and who is logged in by session cookie. */
class BankSessions {
  readonly #pending = new Map<string, PendingLogin>();
  readonly #people = new Map<string, { readonly claims: client.IDToken; readonly idToken: string }>();

  begin(): { readonly state: string } & PendingLogin {
    const login = { nonce: token(), codeVerifier: client.randomPKCECodeVerifier() };
    const state = token();
    this.#pending.set(state, login);
    return { state, ...login };
  }

  take(state: string): PendingLogin | undefined {
    const login = this.#pending.get(state);
    this.#pending.delete(state);
    return login;
  }

  add(claims: client.IDToken, idToken: string): string {
    const id = token();
    this.#people.set(id, { claims, idToken });
    return id;
  }

  of(request: Request) {
    return this.#people.get(this.#idOf(request));
  }

  end(request: Request): void {
    this.#people.delete(this.#idOf(request));
  }

  #idOf(request: Request): string {
    const cookie = request.headers.cookie?.split(/;\s*/).find((part) => part.startsWith(`${COOKIE}=`));
    return cookie?.slice(COOKIE.length + 1) ?? '';
  }
}

const finishLogin = async (config: client.Configuration, sessions: BankSessions, url: URL, response: Response) => {
  const state = url.searchParams.get('state') ?? '';
  const login = sessions.take(state);
  if (login === undefined) return response.send(messagePage('This login is over', 'Log in again from the start page.'));
  if (url.searchParams.get('error') === 'access_denied') {
    // Shown, never retried by itself: an automatic new login would loop.
    return response.status(403).send(denialPage(explainDenial(url.searchParams.get('error_description') ?? '')));
  }
  const tokens = await client.authorizationCodeGrant(config, url, {
    expectedState: state,
    expectedNonce: login.nonce,
    pkceCodeVerifier: login.codeVerifier,
  });
  const claims = tokens.claims();
  if (claims === undefined || tokens.id_token === undefined) throw new Error('no ID token');
  const id = sessions.add(claims, tokens.id_token);
  return response.append('set-cookie', `${COOKIE}=${id}; Path=/; HttpOnly; SameSite=Lax`).redirect(303, '/account');
};

/** Harbour Bank: a small real relying party that shows what a login with the face gives an app. */
export const startDemoApp = async (options: DemoAppOptions): Promise<RunningDemoApp> => {
  const app = express();
  app.disable('x-powered-by');
  const part = await listen(createServer(app), options.port, 'the demo app');
  const publicUrl = `http://${options.hostname}:${new URL(part.url).port}`;
  const sessions = new BankSessions();
  const config = await discover(options);

  app.use((_request, response, next) => {
    response.set(HEADERS);
    next();
  });
  app.get('/bank.css', (_request, response) => void response.type('css').send(BANK_STYLE));
  app.get('/', (request, response) => {
    if (sessions.of(request) === undefined) response.send(homePage());
    else response.redirect(303, '/account');
  });
  app.get('/login', async (request, response) => {
    const { state, nonce, codeVerifier } = sessions.begin();
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: `${publicUrl}/callback`,
      scope: 'openid profile email',
      state,
      nonce,
      code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: 'S256',
      ...(request.query['again'] === undefined ? {} : { prompt: 'login' }),
    });
    response.redirect(302, url.href);
  });
  app.get('/callback', async (request, response) => {
    await finishLogin(config, sessions, new URL(`${publicUrl}${request.originalUrl}`), response);
  });
  app.get('/account', (request, response) => {
    const person = sessions.of(request);
    if (person === undefined) return response.redirect(303, '/');
    const name = textOf(person.claims['name']) || person.claims.sub;
    return response.send(accountPage({ name, claims: person.claims, namespace: options.claimNamespace }));
  });
  app.get('/logout', (request, response) => {
    const person = sessions.of(request);
    sessions.end(request);
    if (person === undefined) return response.redirect(303, '/');
    const url = client.buildEndSessionUrl(config, {
      post_logout_redirect_uri: `${publicUrl}/`,
      id_token_hint: person.idToken,
    });
    return response.redirect(303, url.href);
  });
  app.use((_error: Error, _request: Request, response: Response, _next: () => void) => {
    response
      .status(502)
      .send(messagePage('The login did not work', 'Something went wrong between the bank and its login. Try again.'));
  });
  return { ...part, publicUrl };
};
