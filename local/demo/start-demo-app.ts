import { createServer } from 'node:http';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import * as client from 'openid-client';
import { listen, type RunningPart } from '../aws-wire/listen.ts';
import { loopbackFetch } from '../loopback-fetch.ts';
import { carryOut, mayTransfer, readTransfer } from './bank-account.ts';
import { type Bank, beginLogin, beginStepUp, finishLogin } from './bank-login.ts';
import { accountPage, homePage, messagePage } from './bank-pages.ts';
import { BankSessions, type Customer, type Door } from './bank-sessions.ts';
import { BANK_STYLE } from './bank-style.ts';
import { confirmPage, madePage, type TransferForm } from './transfer-pages.ts';

export interface DemoAppOptions {
  /** 0 for any free one. */
  readonly port: number;
  readonly hostname: string;
  /** Issuer as browsers reach it. */
  readonly issuer: string;
  /** The application at the tenant behind each door. */
  readonly clients: Readonly<Record<Door, { readonly clientId: string; readonly clientSecret: string }>>;
  /** Namespace of the claims about the face, including its trailing slash. */
  readonly claimNamespace: string;
  /** Name on the pages. Default Harbour Bank. */
  readonly name?: string;
  readonly clockMs?: () => number;
  /** Receives the name of what went wrong in a login, never its content. */
  readonly log?: (line: string) => void;
}

export interface RunningDemoApp extends RunningPart {
  /** Address for browsers. */
  readonly publicUrl: string;
}

/** Logging out is a form that leads on to the issuer; Chrome applies `form-action` to that redirect as well. */
const headersFor = (issuer: string) => ({
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'content-security-policy': `default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self' ${new URL(issuer).origin}; frame-ancestors 'none'`,
});

const discover = ({ issuer, clients }: DemoAppOptions, door: Door): Promise<client.Configuration> =>
  client.discovery(
    new URL(issuer),
    clients[door].clientId,
    clients[door].clientSecret,
    client.ClientSecretPost(clients[door].clientSecret),
    { execute: [client.allowInsecureRequests], [client.customFetch]: loopbackFetch as client.CustomFetch },
  );

const showAccount = (bank: Bank, customer: Customer, form: TransferForm = {}): string => {
  const { claims } = customer;
  const name = typeof claims['name'] === 'string' ? claims['name'] : claims.sub;
  return accountPage({ bank: bank.name, name, customer, namespace: bank.claimNamespace, form });
};

const addLoginRoutes = (app: Express, bank: Bank): void => {
  const { sessions, name, publicUrl, doors } = bank;
  app.get('/', (request, response) => {
    if (sessions.customerOf(request.headers.cookie) === null) response.send(homePage(name));
    else response.redirect(303, '/account');
  });
  app.get('/login', (request, response) => beginLogin(bank, 'face', request, response));
  app.get('/login/password', (request, response) => beginLogin(bank, 'password', request, response));
  app.get('/step-up', (request, response) => beginStepUp(bank, request, response));
  app.get('/callback', (request, response) => finishLogin(bank, request, response));
  app.post('/logout', (request, response) => {
    const customer = sessions.customerOf(request.headers.cookie);
    sessions.end(request.headers.cookie);
    if (customer === null) return response.redirect(303, '/');
    const parameters = { post_logout_redirect_uri: `${publicUrl}/`, id_token_hint: customer.idToken };
    return response.redirect(303, client.buildEndSessionUrl(doors[customer.door], parameters).href);
  });
};

const addAccountRoutes = (app: Express, bank: Bank): void => {
  const { sessions, name } = bank;
  app.get('/account', (request, response) => {
    const customer = sessions.customerOf(request.headers.cookie);
    if (customer === null) return response.redirect(303, '/');
    return response.send(showAccount(bank, customer));
  });
  app.post('/transfer', express.urlencoded({ extended: false, limit: '2kb' }), (request, response) => {
    const customer = sessions.customerOf(request.headers.cookie);
    if (customer === null) return response.redirect(303, '/');
    const form = (request.body ?? {}) as Record<string, unknown>;
    const transfer = readTransfer(form, customer.account);
    if (typeof transfer === 'string') {
      const shown = { error: transfer, to: String(form['to'] ?? ''), amount: String(form['amount'] ?? '') };
      return response.status(400).send(showAccount(bank, customer, shown));
    }
    const may = mayTransfer(transfer, customer.factor, sessions.now());
    const account = may ? carryOut(customer.account, transfer) : { ...customer.account, waiting: transfer };
    sessions.keepAccount(request.headers.cookie, account);
    return response.redirect(303, '/transfer');
  });
  app.get('/transfer', (request, response) => {
    const { waiting = null, made = null } = sessions.customerOf(request.headers.cookie)?.account ?? {};
    if (waiting !== null) return response.send(confirmPage(name, waiting));
    return made === null ? response.redirect(303, '/account') : response.send(madePage(name, made));
  });
};

/**
 * Harbour Bank: a small real relying party that shows what a login with the face gives an app, at every login and on demand.
 * The issuer must be running.
 * @throws StartError if the port is taken
 */
export const startDemoApp = async (options: DemoAppOptions): Promise<RunningDemoApp> => {
  const { name = 'Harbour Bank', claimNamespace, issuer, log = () => {} } = options;
  const [face, password] = await Promise.all([discover(options, 'face'), discover(options, 'password')]);
  const app = express();
  app.disable('x-powered-by');
  const part = await listen(createServer(app), options.port, 'the demo app');
  const publicUrl = `http://${options.hostname}:${new URL(part.url).port}`;
  const headers = headersFor(issuer);
  app.use((_request, response, next) => {
    response.set(headers);
    next();
  });
  const sessions = new BankSessions(options.clockMs);
  const bank: Bank = { name, publicUrl, claimNamespace, doors: { face, password }, sessions };
  app.get('/bank.css', (_request, response) => void response.type('css').send(BANK_STYLE));
  addLoginRoutes(app, bank);
  addAccountRoutes(app, bank);
  app.use((error: Error, _request: Request, response: Response, _next: NextFunction) => {
    log(`bank: ${error.name}`);
    const text = 'Something went wrong between the bank and its login. Try again.';
    response.status(502).send(messagePage(name, 'The login failed', text));
  });
  return { ...part, publicUrl };
};
