import { decodeJwt } from 'jose';
import * as oidc from 'openid-client';
import { afterEach, describe, expect, test } from 'vitest';
import type { TenantOptions } from '../../local/tenant/start-tenant.ts';
import {
  answerFaceCheck,
  builtAction,
  FACE_CLAIMS,
  faceCheckAnswer,
  integrationAt,
  isAtFaceCheck,
} from '../local/tenant/built-action.ts';
import {
  API,
  APPS,
  type App,
  errorOf,
  logIn,
  ORGANIZATION,
  type TenantWorld,
  tenantWorld,
} from '../local/tenant/tenant-world.ts';
import type { BrowserlessAgent, Page } from '../support/browserless-agent.ts';

const [AMR = '', FACE_AT = ''] = FACE_CLAIMS;
const ACR = 'https://authid.ai/policies/multi-factor';
const A = 'int_aaaaaaaaaaaaaaaaaaaa';
const B = 'int_bbbbbbbbbbbbbbbbbbbb';
const BOTH_ORDERS = [[A, B] as const, [B, A] as const];
type Settings = Readonly<Record<string, string>>;

const worlds: TenantWorld[] = [];
afterEach(() => Promise.all(worlds.splice(0).map((world) => world.close())));

/** A customer's own Action that sets the face claims, as a copied sample or a forger might. */
const FORGER = `
  exports.onExecutePostLogin = async (event, api) => {
    for (const token of [api.idToken, api.accessToken]) {
      token.setCustomClaim('${AMR}', 'MFA').idToken.setCustomClaim('${FACE_AT}', ${Math.floor(Date.now() / 1000)});
    }
  };`;

/** A tenant whose flow runs the Actions of these integrations, in this order; a string is the code of another Action. */
const open = async (
  flow: readonly (string | { readonly id: string; readonly settings: Settings })[],
  options: Partial<TenantOptions> = {},
): Promise<TenantWorld> => {
  const actions = await Promise.all(
    flow.map(async (entry, index) => {
      const name = `action ${index}`;
      if (typeof entry === 'string') return { name, code: entry, secrets: {} };
      return { ...(await builtAction({ ...entry.settings, INTEGRATION_ID: entry.id })), name };
    }),
  );
  const world = await tenantWorld([], { actions, customClaims: FACE_CLAIMS, ...options });
  worlds.push(world);
  return world;
};

/** Passes every face check on the way; returns where the browser ends, and whose checks they were. */
const passChecks = async (world: TenantWorld, browser: BrowserlessAgent, first: Page) => {
  const by: string[] = [];
  let page = first;
  while (isAtFaceCheck(page)) {
    by.push(integrationAt(page.url));
    page = await answerFaceCheck(browser, page, world.issuer);
  }
  return { page, by };
};

/** The claim in the tokens: `MFA` in both, or nothing in both. */
const faceIn = (tokens: oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers): unknown => {
  const inId = tokens.claims()?.[AMR] ?? null;
  expect(decodeJwt(tokens.access_token)[AMR] ?? null).toBe(inId);
  return inId;
};

const SCOPE = { scope: 'openid offline_access read:balance', audience: API };

/** A login with its face checks, then a silent one of the same browser, then a refresh: the claims of each. */
const everyLogin = async (world: TenantWorld, parameters: Record<string, string>, app: App) => {
  const browser = world.browser();
  const login = await world.begin({ ...SCOPE, ...parameters }, app);
  const { page, by } = await passChecks(world, browser, await logIn(browser, login));
  const tokens = await world.redeem(login, page);
  const silent = await world.begin({ ...SCOPE, ...parameters, prompt: 'none' }, app);
  const renewed = await world.redeem(silent, await browser.open(silent.url));
  const refreshed = await oidc.refreshTokenGrant(await world.configurationOf(app), tokens.refresh_token ?? '');
  return { by, face: [tokens, renewed, refreshed].map(faceIn) };
};

const WINDOW = { FRESHNESS_SECONDS: '3600', STEP_UP_FRESHNESS_SECONDS: '3600' };
const MFA = ['MFA', 'MFA', 'MFA'];
const NONE = [null, null, null];

/** Ways to divide the applications: A is responsible for the bank, B for the shop. */
const DIVISIONS: [string, Settings, Settings][] = [
  ['ONLY and ONLY', { ONLY_CLIENTS: 'bank' }, { ONLY_CLIENTS: 'shop' }],
  ['EXCEPT and EXCEPT', { EXCEPT_CLIENTS: 'shop' }, { EXCEPT_CLIENTS: 'bank' }],
  ['ONLY and EXCEPT', { ONLY_CLIENTS: 'bank' }, { EXCEPT_CLIENTS: 'bank' }],
];
const ownerOf = (app: App): string => (app === 'bank' ? A : B);

describe.each(BOTH_ORDERS)('T25 two integrations in one flow, %s before %s', (first, second) => {
  const flowOf = (ofA: Settings, ofB: Settings) =>
    [first, second].map((id) => ({ id, settings: { ...WINDOW, ...(id === A ? ofA : ofB) } }));

  describe.each(DIVISIONS)('that divide the applications by %s', (_, ofA, ofB) => {
    test.each(['always', 'on-demand'])('keep each other’s claims in mode %s', async (mode) => {
      const world = await open(flowOf({ MODE: mode, ...ofA }, { MODE: mode, ...ofB }));
      for (const app of APPS) {
        const asked = await everyLogin(world, { acr_values: ACR }, app);
        expect(asked).toEqual({ by: [ownerOf(app)], face: MFA });
        const plain = await everyLogin(world, {}, app);
        expect(plain).toEqual(mode === 'always' ? { by: [ownerOf(app)], face: MFA } : { by: [], face: NONE });
      }
    });

    test('let no claim of another Action pass at either application', async () => {
      const world = await open([FORGER, ...flowOf({ MODE: 'on-demand', ...ofA }, { MODE: 'on-demand', ...ofB })]);
      for (const app of APPS) expect(await everyLogin(world, {}, app)).toEqual({ by: [], face: NONE });
    });
  });

  test('that divide the applications by metadata, whatever the lists say', async () => {
    const clients = APPS.map((app) => ({
      clientId: app,
      clientSecret: `${app}-secret-of-more-than-32-characters`,
      name: app,
      redirectUris: [`http://${app}.localhost/callback`],
      logoutUris: [],
      metadata: { [`verified_mode_${ownerOf(app)}`]: 'always', verified_mode: 'off' },
    }));
    const world = await open(flowOf({ ONLY_CLIENTS: 'shop' }, { ONLY_CLIENTS: 'bank' }), { clients });
    for (const app of APPS) expect(await everyLogin(world, {}, app)).toEqual({ by: [ownerOf(app)], face: MFA });
  });

  describe('that divide the users of one application by organization', () => {
    const ofA = { ONLY_ORGANIZATIONS: ORGANIZATION.name };
    const ofB = { EXCEPT_ORGANIZATIONS: ORGANIZATION.name };
    const inside = { organization: ORGANIZATION.id };

    test('keep each other’s claims', async () => {
      const world = await open(flowOf(ofA, ofB));
      expect(await everyLogin(world, inside, 'bank')).toEqual({ by: [A], face: MFA });
      expect(await everyLogin(world, {}, 'bank')).toEqual({ by: [B], face: MFA });
    });

    test('let no claim of another Action pass for users whom both exclude', async () => {
      const nobody = { ONLY_ORGANIZATIONS: 'org_of_nobody' };
      const world = await open([FORGER, ...flowOf(nobody, nobody)]);
      expect(await everyLogin(world, inside, 'bank')).toEqual({ by: [], face: NONE });
    });
  });

  test('with different namespaces have separate claims, and do not vouch for each other', async () => {
    const ours = 'https://bank.example/face/';
    const outside = { ONLY_ORGANIZATIONS: 'org_of_nobody', CLAIM_NAMESPACE: ours };
    const forger = FORGER.replaceAll(AMR, `${ours}amr`).replaceAll(FACE_AT, `${ours}face_at`);
    const world = await open([forger, ...flowOf({}, outside)], { customClaims: [...FACE_CLAIMS, `${ours}amr`] });
    const login = await world.begin(SCOPE);
    const browser = world.browser();
    const tokens = await world.redeem(login, (await passChecks(world, browser, await logIn(browser, login))).page);
    expect([tokens.claims()?.[AMR], tokens.claims()?.[`${ours}amr`] ?? null]).toEqual(['MFA', null]);
  });

  test('that are both responsible for an application: both check, and the later one’s claims count, even if there are none', async () => {
    const world = await open(flowOf({ MODE: 'always' }, { MODE: 'on-demand' }));
    expect(await everyLogin(world, { acr_values: ACR }, 'bank')).toEqual({ by: [first, second], face: MFA });
    const plain = await everyLogin(world, {}, 'bank');
    expect(plain.face[0]).toBe(second === A ? 'MFA' : null);
  });
});

describe.each(BOTH_ORDERS)('T9 the answer of one integration at the other, %s before %s', (first, second) => {
  /** Both require a check; the browser is at the face check of the first. */
  const atFirst = async () => {
    const world = await open([first, second].map((id) => ({ id, settings: {} })));
    const browser = world.browser();
    const login = await world.begin();
    const check = await logIn(browser, login);
    expect(integrationAt(check.url)).toBe(first);
    return { world, browser, login, check };
  };

  test('is refused, although the secret is the same: the other one’s login is over', async () => {
    const { world, browser, check } = await atFirst();
    const asIfOfOther = new URL(check.url);
    asIfOfOther.pathname = `/s/${second}`;
    const page = await answerFaceCheck(browser, { ...check, url: asIfOfOther }, world.issuer);
    expect(errorOf(page)?.[1]).toMatch(/^face_configuration: /);
  });

  test('is refused at the second, even a valid answer that the first one accepted', async () => {
    const { world, browser, check } = await atFirst();
    const { token } = faceCheckAnswer(check.url, world.issuer);
    const next = await answerFaceCheck(browser, check, world.issuer);
    expect(integrationAt(next.url)).toBe(second);
    const { url } = faceCheckAnswer(next.url, world.issuer);
    expect(errorOf(await browser.post(url, { result_token: token }, check.url.host))?.[1]).toMatch(
      /^face_configuration: /,
    );
  });

  test('is refused at the second, even if both are one integration, installed twice', async () => {
    const world = await open([first, first].map((id) => ({ id, settings: {} })));
    const browser = world.browser();
    const check = await logIn(browser, await world.begin());
    const { token } = faceCheckAnswer(check.url, world.issuer);
    const next = await answerFaceCheck(browser, check, world.issuer);
    const { url } = faceCheckAnswer(next.url, world.issuer);
    const page = await browser.post(url, { result_token: token }, check.url.host);
    expect(errorOf(page)?.[1]).toMatch(/^face_configuration: /);
  });

  test('never replaces it: a success of the first is denied if the second refuses', async () => {
    const { world, browser, check } = await atFirst();
    const next = await answerFaceCheck(browser, check, world.issuer);
    const refused = await answerFaceCheck(browser, next, world.issuer, { res: 'no_match', event: null, vat: null });
    expect(errorOf(refused)?.[1]).toMatch(/^face_not_verified: /);
  });
});

test('T9 what another Action’s redirect returns is never read as a result of the service', async () => {
  const terms = `
    exports.onExecutePostLogin = async (event, api) => api.redirect.sendUserTo('https://terms.example/accept');
    exports.onContinuePostLogin = async () => {};`;
  const settings = { FRESHNESS_SECONDS: '3600' };
  const world = await open([{ id: A, settings }, terms, { id: B, settings }]);
  const browser = world.browser();
  const check = await logIn(browser, await world.begin());
  const { token } = faceCheckAnswer(check.url, world.issuer);
  const accept = await answerFaceCheck(browser, check, world.issuer);
  expect(accept.url.host).toBe('terms.example');
  const state = accept.url.searchParams.get('state') ?? '';
  const back = new URL(`/continue?${new URLSearchParams({ state, max_age: '99999999' })}`, world.issuer);
  const next = await browser.post(back, { result_token: token }, accept.url.host);
  expect([isAtFaceCheck(next), integrationAt(next.url)]).toEqual([true, B]);
});
