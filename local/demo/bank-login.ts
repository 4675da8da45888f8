import type { Request, Response } from 'express';
import * as client from 'openid-client';
import { FACE_ACR, secondFactorOf } from '../../docs/snippets/second-factor.ts';
import { carryOut, mayTransfer, NEW_ACCOUNT } from './bank-account.ts';
import { denialPage, messagePage } from './bank-pages.ts';
import type { BankSessions, Customer, Door, PendingLogin } from './bank-sessions.ts';
import { explainDenial } from './explain-denial.ts';
import { notConfirmedPage } from './transfer-pages.ts';

/** What the routes work with. */
export interface Bank {
  readonly name: string;
  readonly publicUrl: string;
  readonly claimNamespace: string;
  /** The application at the tenant behind each door. */
  readonly doors: Readonly<Record<Door, client.Configuration>>;
  readonly sessions: BankSessions;
}

const begin = async (
  bank: Bank,
  { headers }: Request,
  login: Pick<PendingLogin, 'door' | 'isStepUp'>,
  parameters: Readonly<Record<string, string>>,
): Promise<{ readonly url: string; readonly cookie: string }> => {
  const [state, nonce, codeVerifier] = [client.randomState(), client.randomNonce(), client.randomPKCECodeVerifier()];
  const url = client.buildAuthorizationUrl(bank.doors[login.door], {
    redirect_uri: `${bank.publicUrl}/callback`,
    scope: 'openid profile email',
    state,
    nonce,
    code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
    ...parameters,
  });
  return { url: url.href, cookie: bank.sessions.begin(headers.cookie, state, { ...login, nonce, codeVerifier }) };
};

/** Sends the browser to log in through one of the doors. */
export const beginLogin = async (bank: Bank, door: Door, request: Request, response: Response): Promise<void> => {
  // After a refusal the customer chooses again who logs in; without this, the session at the issuer would answer by itself.
  const parameters: Record<string, string> = request.query['again'] === undefined ? {} : { prompt: 'login' };
  const { url, cookie } = await begin(bank, request, { door, isStepUp: false }, parameters);
  response.append('set-cookie', cookie).redirect(302, url);
};

/** Asks a logged-in customer for the face. The session at the tenant stands in for the password. */
export const beginStepUp = async (bank: Bank, request: Request, response: Response): Promise<void> => {
  const customer = bank.sessions.customerOf(request.headers.cookie);
  if (customer === null) return response.redirect(303, '/');
  const { url, cookie } = await begin(
    bank,
    request,
    { door: customer.door, isStepUp: true },
    { acr_values: FACE_ACR, login_hint: String(customer.claims['email'] ?? '') },
  );
  response.append('set-cookie', cookie).redirect(302, url);
};

const redeem = async (bank: Bank, url: URL, state: string, login: PendingLogin) => {
  const tokens = await client.authorizationCodeGrant(bank.doors[login.door], url, {
    expectedState: state,
    expectedNonce: login.nonce,
    pkceCodeVerifier: login.codeVerifier,
    idTokenExpected: true,
  });
  const claims = tokens.claims();
  if (claims === undefined || tokens.id_token === undefined) throw new Error('no ID token');
  return { claims, idToken: tokens.id_token, factor: secondFactorOf(claims, bank.claimNamespace) };
};

/** Carries out the waiting transfer if the customer who requested it came back with a recent enough face check. */
const finishStepUp = (
  bank: Bank,
  request: Request,
  response: Response,
  answer: Pick<Customer, 'claims' | 'idToken' | 'factor'>,
): void => {
  const { sessions, name } = bank;
  const customer = sessions.customerOf(request.headers.cookie);
  const transfer = customer?.account.waiting ?? null;
  if (customer === null || transfer === null || answer.claims.sub !== customer.claims.sub) {
    const text = 'Someone else has logged in since then, or the transfer had expired. Nothing was sent.';
    response.status(403).send(messagePage(name, 'The transfer was not made', text));
    return;
  }
  if (!mayTransfer(transfer, answer.factor, sessions.now())) {
    response.status(403).send(notConfirmedPage(name));
    return;
  }
  const account = carryOut(customer.account, transfer);
  const cookie = sessions.logIn(request.headers.cookie, { ...customer, ...answer, account });
  response.append('set-cookie', cookie).redirect(303, '/transfer');
};

/** Takes the browser back from the tenant, from a login or a step-up. */
export const finishLogin = async (bank: Bank, request: Request, response: Response): Promise<void> => {
  const { sessions, name, publicUrl } = bank;
  const url = new URL(`${publicUrl}${request.originalUrl}`);
  const state = url.searchParams.get('state') ?? '';
  const login = sessions.take(request.headers.cookie, state);
  if (login === null) {
    const text = 'It was already finished, or was started in another browser. Log in again from the start page.';
    response.status(400).send(messagePage(name, 'This login is over', text));
    return;
  }
  if (url.searchParams.get('error') === 'access_denied') {
    // Shown, never retried automatically: an automatic new login would loop. A customer who was logged in stays so.
    const denial = explainDenial(url.searchParams.get('error_description') ?? '');
    const again = login.door === 'face' ? '/login?again=1' : '/login/password?again=1';
    const links = login.isStepUp ? { again: '/step-up', home: '/account' } : { again, home: '/' };
    response.status(403).send(denialPage(name, denial, links));
    return;
  }
  const answer = await redeem(bank, url, state, login);
  if (login.isStepUp) return finishStepUp(bank, request, response, answer);
  const cookie = sessions.logIn(request.headers.cookie, { ...answer, door: login.door, account: NEW_ACCOUNT });
  response.append('set-cookie', cookie).redirect(303, '/account');
};
