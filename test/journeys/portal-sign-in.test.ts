import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { PORTAL_PAGE_PATH } from '../../contract/api/portal/sign-in.ts';
import { CognitoDirectory } from '../../lambdas/adapters/cognito/cognito-directory.ts';
import { totp } from '../../local/cognito/totp.ts';
import { jwtAuthorizer } from '../../local/edge/jwt-authorizer.ts';
import { startEdge } from '../../local/edge/start-edge.ts';
import { choosePorts } from '../../local/platform/ports.ts';
import { buildPages } from '../../web/build.ts';
import { portalPageHeaders } from '../../web/portal/security-headers.ts';
import { createPortal, type Portal } from '../lambdas/portal/portal-world.ts';
import { CLIENT_ID, POOL_ID, type Pool, startPool } from '../local/cognito/pool.ts';
import { CHOSEN_PASSWORD } from '../local/cognito/sign-in.ts';
import { launchChromium } from '../support/chromium.ts';

/** A stage with a pool of operators: the portal's pages and API behind the front door, with sign-in at Cognito, on one clock. */
const startStage = async (managedLoginVersion: 1 | 2) => {
  let admit: (email: string) => Promise<boolean> = async () => false;
  const portal = await createPortal(false, { admit: (email) => admit(email) });
  const clockMs = () => portal.world.now() * 1000;
  const { verified: port } = await choosePorts(0);
  const url = `http://verified.localhost:${port}${PORTAL_PAGE_PATH}`;
  const pool = await startPool({ managedLoginVersion, appUrl: url, clockMs });
  const directory = new CognitoDirectory(pool.cognito, POOL_ID);
  admit = (email) => directory.admit(email);
  const pages = await buildPages();
  const issuerOrigins = [new URL(pool.issuer).origin, pool.loginOrigin];
  const edge = await startEdge({
    port,
    frontDoorSecret: 's'.repeat(32),
    lambdas: () => ({ ...portal.world.handlers, ...portal.handlers }),
    capturePages: pages.capture,
    captureHeaders: () => ({}),
    portal: {
      pages: pages.portal,
      headers: (path) => portalPageHeaders({ issuerOrigins, path }),
      config: { issuer: pool.issuer, clientId: CLIENT_ID, scope: 'openid email' },
    },
    names: () => ({ origins: [] }),
    localFiles: new Map(),
    authorize: jwtAuthorizer({ issuer: pool.issuer, audience: CLIENT_ID, clockMs }),
    clockMs,
  });
  const close = async () => {
    await edge.close();
    await pool.close();
    await portal.world.close();
  };
  return { url, portal, pool, directory, close };
};
type Stage = Awaited<ReturnType<typeof startStage>>;

/** An operator with a browser, an address and an authenticator app. */
class Person {
  readonly #stage: { readonly portal: Portal; readonly pool: Pool };
  readonly email: string;
  readonly page: Page;
  #secret = '';

  constructor(stage: Stage, email: string, page: Page) {
    this.#stage = stage;
    this.email = email;
    this.page = page;
    page.setDefaultTimeout(60_000);
  }

  /** The page uses the stage's clock. */
  async setClock(): Promise<void> {
    await this.page.clock.setFixedTime(this.#stage.portal.world.now() * 1000);
  }

  async #answer(title: string, answer: string): Promise<void> {
    await this.page.getByRole('heading', { name: title }).waitFor();
    await this.page.locator('[name=answer]').fill(answer);
    await this.page.getByRole('button', { name: 'Continue' }).click();
  }

  async enterPassword(password: string): Promise<void> {
    await this.page.getByRole('heading', { name: 'Sign in', exact: true }).waitFor();
    await this.page.locator('[name=username]').fill(this.email);
    await this.page.locator('[name=password]').fill(password);
    await this.page.getByRole('button', { name: 'Sign in' }).click();
  }

  /** With the temporary password from the e-mail. */
  async signInFirst(): Promise<void> {
    await this.enterPassword(this.#stage.pool.passwordOf(this.email));
    await this.#answer('Change password', CHOSEN_PASSWORD);
    this.#secret = (await this.page.locator('code').textContent()) ?? '';
    await this.#answer('Set up an authenticator app', this.#code());
  }

  /** The first operator creates the account. */
  async foundAccount(): Promise<void> {
    await this.signInFirst();
    await this.page.getByRole('button', { name: 'Create an account' }).click();
    await this.page.getByRole('navigation').first().waitFor();
  }

  async signIn(): Promise<void> {
    await this.enterPassword(CHOSEN_PASSWORD);
    await this.#answer('Enter the code of your authenticator app', this.#code());
  }

  #code(): string {
    return totp(this.#secret, this.#stage.portal.world.now() * 1000);
  }
}

let browser: Browser;
let stage: Stage;
beforeAll(async () => {
  browser = await launchChromium();
});
afterEach(() => stage?.close());
afterAll(() => browser?.close());

const openPortal = async (email: string, path = ''): Promise<Person> => {
  const person = new Person(stage, email, await (await browser.newContext()).newPage());
  await person.setClock();
  await person.page.goto(`${stage.url}${path}`);
  return person;
};

const OLIVIA = 'olivia@example.com';
const COLLEAGUE = 'colleague@example.com';
const SIX_MINUTES = 360;

/** The first operator, signed in six minutes ago, sends an invitation and is asked to sign in again. */
const askedToSignInAgain = async (): Promise<Person> => {
  await stage.directory.admit(OLIVIA);
  const olivia = await openPortal(OLIVIA, 'people');
  await olivia.foundAccount();
  await olivia.page.getByRole('heading', { name: 'Members', level: 1 }).waitFor();
  stage.portal.world.advance(SIX_MINUTES);
  await olivia.setClock();
  await olivia.page.getByLabel('E-mail address').fill(COLLEAGUE);
  await invite(olivia);
  return olivia;
};
const invite = ({ page }: Person) => page.getByRole('button', { name: 'Send the invitation' }).click();
const dialog = ({ page }: Person) => page.getByRole('dialog', { name: 'Sign in again to do this' });

describe('T70 an action that requires a recent sign-in', () => {
  test('is performed after password and code at managed login; the invited colleague gets in', async () => {
    stage = await startStage(2);
    const olivia = await askedToSignInAgain();
    await dialog(olivia).getByRole('button', { name: 'Sign in again' }).click();
    await olivia.signIn();
    // Typed values are restored.
    await olivia.page.getByLabel('E-mail address').waitFor();
    expect(await olivia.page.getByLabel('E-mail address').inputValue()).toBe(COLLEAGUE);
    await invite(olivia);
    await olivia.page.getByText(`The invitation is on its way to ${COLLEAGUE}.`).waitFor();

    const mail = stage.portal.mails.at(-1);
    expect(mail).toMatchObject({ to: COLLEAGUE, invitedBy: OLIVIA, hasTemporaryPassword: true });
    const link = mail?.link.split(PORTAL_PAGE_PATH)[1] ?? '';
    const colleague = await openPortal(COLLEAGUE, link);
    await colleague.signInFirst();
    await colleague.page.getByRole('button', { name: 'Accept the invitation' }).click();
    await colleague.page.getByText('You are joining the account').waitFor({ state: 'detached' });
    await colleague.page.getByRole('navigation').first().waitFor();
  });

  test('is refused again with the classic hosted UI, which never asks for the password', async () => {
    stage = await startStage(1);
    const olivia = await askedToSignInAgain();
    for (const _again of [1, 2]) {
      const back = olivia.page.waitForURL((url) => url.searchParams.has('code'));
      await dialog(olivia).getByRole('button', { name: 'Sign in again' }).click();
      await back;
      await olivia.page.getByLabel('E-mail address').waitFor();
      await invite(olivia);
      await dialog(olivia).waitFor();
    }
    expect(stage.portal.mails).toEqual([]);
  });
});

test('T67 a sign-out ends the session at the pool: the next visit asks for the password', async () => {
  stage = await startStage(2);
  await stage.directory.admit(OLIVIA);
  const olivia = await openPortal(OLIVIA);
  await olivia.foundAccount();
  // A visit within the hour requires no sign-in.
  await olivia.page.reload();
  await olivia.page.getByRole('navigation').first().waitFor();
  await olivia.page.getByRole('button', { name: 'Sign out' }).click();
  await olivia.page.getByRole('heading', { name: 'Sign in', exact: true }).waitFor();
  expect(new URL(olivia.page.url()).origin).toBe(stage.pool.loginOrigin);
});
