import type { Express, Request, Response } from 'express';
import type { Interaction } from 'oidc-provider';
import type { ActionsProvider } from '../openid/provider.ts';
import type { TenantClient } from '../openid/tenant-client.ts';
import { type LoginForm, loginPage, signUpPage } from '../pages/pages.ts';
import { sendPage, textOf } from '../pages/respond.ts';
import type { NewUser, TenantUserStore } from '../user-store.ts';
import type { BrowserBinding } from './browser-binding.ts';

/** What the login pages work with. */
export interface LoginPorts {
  readonly tenant: ActionsProvider;
  readonly binding: BrowserBinding;
  readonly users: TenantUserStore;
  readonly clients: readonly TenantClient[];
  /** Users offered on the login page. */
  readonly hints: readonly NewUser[];
  readonly clockMs: () => number;
}

const MIN_PASSWORD_CHARACTERS = 8;
const MAX_FIELD_CHARACTERS = 200;
const OVER = 'Go back to the application and log in again.';

/** The login that a page belongs to, if this browser started it and it is still waiting for a login. */
const findLogin = async ({ tenant, binding }: LoginPorts, request: Request): Promise<Interaction | null> => {
  const uid = textOf(request.query['state']);
  if (!binding.isStarter(uid, request.headers.cookie)) return null;
  const interaction = await tenant.find(uid);
  return interaction?.prompt.name === 'login' ? interaction : null;
};

const fieldsOf = (request: Request) => {
  const body = (request.body ?? {}) as Record<string, unknown>;
  const field = (name: string) => textOf(body[name]).slice(0, MAX_FIELD_CHARACTERS);
  return { email: field('email').trim(), name: field('name').trim(), password: field('password') };
};

const formOf = (ports: LoginPorts, request: Request, login: Interaction, error: string | null): LoginForm => {
  const { email, name } = fieldsOf(request);
  const client = ports.clients.find(({ clientId }) => clientId === login.params['client_id']);
  const hint = textOf(login.params['login_hint']);
  return { state: login.uid, app: client?.name ?? 'the app', email: email || hint, name, error, hints: ports.hints };
};

const checkSignUp = ({ email, name, password }: ReturnType<typeof fieldsOf>): string | null => {
  if (name === '' || !/^[^@\s]+@[^@\s]+$/.test(email)) return 'Enter your name and a valid e-mail address.';
  if (password.length >= MIN_PASSWORD_CHARACTERS) return null;
  return `Choose a password of at least ${MIN_PASSWORD_CHARACTERS} characters.`;
};

/** Adds the pages for login and sign-up, `/u/login` and `/u/signup`, each with the `state` of its login. */
export const addLoginRoutes = (app: Express, ports: LoginPorts): void => {
  const { tenant, users } = ports;
  const withLogin =
    (handle: (request: Request, response: Response, login: Interaction) => Promise<void>) =>
    async (request: Request, response: Response): Promise<void> => {
      const login = await findLogin(ports, request);
      if (login === null) return sendPage(response, 400, 'This login is over', OVER);
      return handle(request, response, login);
    };
  const finish = async (response: Response, login: Interaction, userId: string): Promise<void> => {
    await users.countLogin(userId);
    response.redirect(303, await tenant.finishLogin(login, userId, Math.floor(ports.clockMs() / 1000)));
  };
  app.get(
    '/u/login',
    withLogin(async (request, response, login) =>
      sendPage(response, 200, loginPage(formOf(ports, request, login, null))),
    ),
  );
  app.get(
    '/u/signup',
    withLogin(async (request, response, login) =>
      sendPage(response, 200, signUpPage(formOf(ports, request, login, null))),
    ),
  );
  app.post(
    '/u/login',
    withLogin(async (request, response, login) => {
      const { email, password } = fieldsOf(request);
      const user = await users.authenticate(email, password);
      if (user !== null) return finish(response, login, user.user_id);
      const wrong = 'E-mail address or password is wrong. Check both and try again.';
      return sendPage(response, 400, loginPage(formOf(ports, request, login, wrong)));
    }),
  );
  app.post(
    '/u/signup',
    withLogin(async (request, response, login) => {
      const fields = fieldsOf(request);
      const refuse = (error: string) => sendPage(response, 400, signUpPage(formOf(ports, request, login, error)));
      const fault = checkSignUp(fields);
      if (fault !== null) return refuse(fault);
      const user = await users.add({ ...fields, emailVerified: false });
      if (user === null) return refuse('There is already an account with this e-mail address. Log in instead.');
      return finish(response, login, user.user_id);
    }),
  );
};
