import express, { type Express, type Request, type Response } from 'express';
import { AwsError } from '../aws-wire/aws-error.ts';
import { backToApp, type PoolClient, parameter, readAuthorizeRequest } from './authorize-request.ts';
import { type Challenge, challengePage, signInPage } from './login-pages.ts';
import type { AuthorizeRequest, LoginSessions } from './login-sessions.ts';
import type { PoolTokens } from './pool-tokens.ts';
import type { PoolUser, PoolUsers } from './pool-users.ts';
import { tokenEndpoint } from './token-endpoint.ts';
import { isTotp, newTotpSecret } from './totp.ts';

export interface ManagedLoginOptions {
  readonly client: PoolClient;
  /** 1: the classic hosted UI, which does not know `prompt`; 2: managed login. */
  readonly version: 1 | 2;
  readonly clockMs: () => number;
  readonly users: PoolUsers;
  readonly tokens: PoolTokens;
  readonly sessions: LoginSessions;
}

const COOKIE = 'cognito';

const cookieOf = ({ headers }: Request): string =>
  new RegExp(`(?:^|; )${COOKIE}=([^;]*)`).exec(headers.cookie ?? '')?.[1] ?? '';

/** Parameters that the guide's page on this endpoint does not list, such as `max_age`, are ignored. */
const authorize = (
  options: ManagedLoginOptions,
  asked: AuthorizeRequest,
  request: Request,
  response: Response,
): void => {
  const prompts = options.version === 2 ? (parameter(request.query, 'prompt') ?? '').split(' ') : [];
  const session = options.sessions.browsers.read(cookieOf(request));
  if (session !== null && !prompts.includes('login')) {
    backToApp(response, asked, { code: options.sessions.addCode(session, asked) });
  } else if (prompts.includes('none')) {
    backToApp(response, asked, { error: 'login_required' });
  } else {
    response.redirect(302, `/login?${asked.query}`);
  }
};

/** What is still required after the right password. A second factor is required of everyone, at every sign-in. */
const nextChallenge = (user: PoolUser): Challenge => {
  if (user.status === 'FORCE_CHANGE_PASSWORD') return 'new-password';
  return user.totpSecret === null ? 'mfa-setup' : 'mfa-code';
};

/** A user on the way through the pages. */
interface Passage {
  readonly user: PoolUser;
  readonly asked: AuthorizeRequest;
}

const ask = ({ sessions }: ManagedLoginOptions, response: Response, passage: Passage, problem: string | null): void => {
  const secret = passage.user.totpSecret ?? newTotpSecret();
  const session = sessions.challenges.add({ ...passage, secret });
  response.send(challengePage({ challenge: nextChallenge(passage.user), session, secret, problem }));
};

const checkPassword = (
  options: ManagedLoginOptions,
  asked: AuthorizeRequest,
  { body }: Request,
  response: Response,
): void => {
  const user = options.users.checkPassword(parameter(body, 'username') ?? '', parameter(body, 'password') ?? '');
  // One answer for an unknown user and a wrong password (PreventUserExistenceErrors).
  if (user === null) response.send(signInPage(asked.query, 'Incorrect username or password.'));
  else ask(options, response, { user, asked }, null);
};

/** @returns the reason for a refusal, or null */
const passChallenge = (options: ManagedLoginOptions, user: PoolUser, secret: string, answer: string): string | null => {
  if (nextChallenge(user) === 'new-password') {
    try {
      options.users.choosePassword(user, answer);
      return null;
    } catch (error) {
      return error instanceof AwsError ? error.message : 'failed';
    }
  }
  if (!isTotp(secret, answer, options.clockMs())) return 'Code mismatch';
  user.totpSecret = secret;
  return null;
};

const checkAnswer =
  (options: ManagedLoginOptions) =>
  ({ body }: Request, response: Response): void => {
    const taken = options.sessions.challenges.take(parameter(body, 'session') ?? '');
    if (taken === null) {
      response.status(400).send('Invalid session for the user, session is expired.');
      return;
    }
    const { user, asked, secret } = taken;
    const isLast = nextChallenge(user) !== 'new-password';
    const problem = passChallenge(options, user, secret, parameter(body, 'answer') ?? '');
    if (problem !== null || !isLast) {
      ask(options, response, { user, asked }, problem);
      return;
    }
    const session = { user, authTime: Math.floor(options.clockMs() / 1000) };
    const cookie = options.sessions.browsers.add(session);
    response.setHeader('set-cookie', `${COOKIE}=${cookie}; Path=/; HttpOnly; SameSite=Lax`);
    backToApp(response, asked, { code: options.sessions.addCode(session, asked) });
  };

const signOut =
  ({ client }: ManagedLoginOptions) =>
  ({ query }: Request, response: Response): void => {
    const uri = parameter(query, 'logout_uri') ?? '';
    if (parameter(query, 'client_id') !== client.clientId || !client.logoutUrls.includes(uri)) {
      response.status(400).send('invalid_request');
      return;
    }
    response.setHeader('set-cookie', `${COOKIE}=; Path=/; HttpOnly; Max-Age=0`);
    response.redirect(302, uri);
  };

type Step = (options: ManagedLoginOptions, asked: AuthorizeRequest, request: Request, response: Response) => void;

/**
 * The endpoints of a user pool's domain.
 * Source: Cognito developer guide, "The redirect and authorization endpoint", "The managed login sign-in endpoint: /login", "The
 * managed login sign-out endpoint: /logout". Left out: the look of the real pages, and the lock after five wrong passwords.
 */
export const managedLogin = (options: ManagedLoginOptions): Express => {
  const { client, tokens, sessions } = options;
  const forRequest = (step: Step) => (request: Request, response: Response) => {
    const asked = readAuthorizeRequest(client, request);
    if (typeof asked === 'string') response.status(400).send(asked);
    else step(options, asked, request, response);
  };
  const app = express();
  app.disable('x-powered-by');
  app.use(express.urlencoded({ extended: false }));
  app.get('/oauth2/authorize', forRequest(authorize));
  app.get(
    '/login',
    forRequest((_options, asked, _request, response) => void response.send(signInPage(asked.query))),
  );
  app.post('/login', forRequest(checkPassword));
  app.post('/challenge', checkAnswer(options));
  app.post('/oauth2/token', tokenEndpoint({ clientId: client.clientId, tokens, sessions }));
  app.get('/logout', signOut(options));
  return app;
};
