import { createServer } from 'node:http';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import * as client from 'openid-client';
import { listen, type RunningPart } from '../aws-wire/listen.ts';
import { loopbackFetch } from '../loopback-fetch.ts';
import { accountPage, denialPage, homePage, messagePage } from './bank-pages.ts';
import { BankSessions } from './bank-sessions.ts';
import { BANK_STYLE } from './bank-style.ts';
import { explainDenial } from './explain-denial.ts';

export interface DemoAppOptions {
  /** 0 for any free one. */
  readonly port: number;
  readonly hostname: string;
  /** Issuer as browsers reach it. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Namespace of the claims about the face, with its slash at the end. */
  readonly claimNamespace: string;
  /** Name on the pages. Default Harbour Bank. */
  readonly name?: string;
  readonly clockMs?: () => number;
  /** Gets the name of what went wrong in a login, never its content. */
  readonly log?: (line: string) => void;
}

export interface RunningDemoApp extends RunningPart {
  /** Address for browsers. */
  readonly publicUrl: string;
}

/** What the routes work with. */
interface Bank {
  readonly name: string;
  readonly publicUrl: string;
  readonly claimNamespace: string;
  readonly config: client.Configuration;
  readonly sessions: BankSessions;
}

/** Logging out is a form that leads on to the issuer; Chrome applies `form-action` to that redirect as well. */
const headersFor = (issuer: string) => ({
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'content-security-policy': `default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self' ${new URL(issuer).origin}; frame-ancestors 'none'`,
});

const discover = (options: DemoAppOptions): Promise<client.Configuration> =>
  client.discovery(new URL(options.issuer), options.clientId, options.clientSecret, client.ClientSecretPost(), {
    execute: [client.allowInsecureRequests],
    [client.customFetch]: loopbackFetch as client.CustomFetch,
  });

const beginLogin = async (bank: Bank, request: Request, response: Response): Promise<void> => {
  const [state, nonce, codeVerifier] = [client.randomState(), client.randomNonce(), client.randomPKCECodeVerifier()];
  const url = client.buildAuthorizationUrl(bank.config, {
    redirect_uri: `${bank.publicUrl}/callback`,
    scope: 'openid profile email',
    state,
    nonce,
    code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
    // After a refusal the person chooses anew who logs in; without this the session at the issuer would answer by itself.
    ...(request.query['again'] === undefined ? {} : { prompt: 'login' }),
  });
  const cookie = bank.sessions.begin(request.headers.cookie, state, { nonce, codeVerifier });
  response.append('set-cookie', cookie).redirect(302, url.href);
};

const finishLogin = async (bank: Bank, request: Request, response: Response): Promise<void> => {
  const { sessions, config, name, publicUrl } = bank;
  const url = new URL(`${publicUrl}${request.originalUrl}`);
  const state = url.searchParams.get('state') ?? '';
  const login = sessions.take(request.headers.cookie, state);
  if (login === null) {
    const text = 'It was finished before, or begun in another browser. Log in again from the start page.';
    response.status(400).send(messagePage(name, 'This login is over', text));
    return;
  }
  if (url.searchParams.get('error') === 'access_denied') {
    // Shown, never retried by itself: an automatic new login would loop.
    const denial = explainDenial(url.searchParams.get('error_description') ?? '');
    response.status(403).send(denialPage(name, denial));
    return;
  }
  const tokens = await client.authorizationCodeGrant(config, url, {
    expectedState: state,
    expectedNonce: login.nonce,
    pkceCodeVerifier: login.codeVerifier,
    idTokenExpected: true,
  });
  const claims = tokens.claims();
  if (claims === undefined || tokens.id_token === undefined) throw new Error('no ID token');
  const cookie = sessions.logIn(request.headers.cookie, { claims, idToken: tokens.id_token });
  response.append('set-cookie', cookie).redirect(303, '/account');
};

const addRoutes = (app: Express, bank: Bank): void => {
  const { sessions, name, publicUrl, claimNamespace } = bank;
  app.get('/bank.css', (_request, response) => void response.type('css').send(BANK_STYLE));
  app.get('/', (request, response) => {
    if (sessions.personOf(request.headers.cookie) === null) response.send(homePage(name));
    else response.redirect(303, '/account');
  });
  app.get('/login', (request, response) => beginLogin(bank, request, response));
  app.get('/callback', (request, response) => finishLogin(bank, request, response));
  app.get('/account', (request, response) => {
    const person = sessions.personOf(request.headers.cookie);
    if (person === null) return response.redirect(303, '/');
    const { claims } = person;
    const shown = typeof claims['name'] === 'string' ? claims['name'] : claims.sub;
    return response.send(accountPage({ bank: name, name: shown, claims, namespace: claimNamespace }));
  });
  app.post('/logout', (request, response) => {
    const person = sessions.personOf(request.headers.cookie);
    sessions.end(request.headers.cookie);
    if (person === null) return response.redirect(303, '/');
    const parameters = { post_logout_redirect_uri: `${publicUrl}/`, id_token_hint: person.idToken };
    return response.redirect(303, client.buildEndSessionUrl(bank.config, parameters).href);
  });
};

/**
 * Harbour Bank: a small real relying party that shows what a login with the face gives an app. The issuer must be up.
 * @throws StartError if the port is taken
 */
export const startDemoApp = async (options: DemoAppOptions): Promise<RunningDemoApp> => {
  const { name = 'Harbour Bank', claimNamespace, issuer, log = () => {} } = options;
  const config = await discover(options);
  const app = express();
  app.disable('x-powered-by');
  const part = await listen(createServer(app), options.port, 'the demo app');
  const publicUrl = `http://${options.hostname}:${new URL(part.url).port}`;
  const headers = headersFor(issuer);
  app.use((_request, response, next) => {
    response.set(headers);
    next();
  });
  addRoutes(app, { name, publicUrl, claimNamespace, config, sessions: new BankSessions(options.clockMs) });
  app.use((error: Error, _request: Request, response: Response, _next: NextFunction) => {
    log(`bank: ${error.name}`);
    const text = 'Something went wrong between the bank and its login. Try again.';
    response.status(502).send(messagePage(name, 'The login did not work', text));
  });
  return { ...part, publicUrl };
};
