import { createLocalJWKSet, type JSONWebKeySet } from 'jose';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { faceOfLogin } from '../../../docs/snippets/id-token.ts';
import { isRecent, secondFactorOf } from '../../../docs/snippets/second-factor.ts';
import { loopbackFetch } from '../../support/browserless-agent.ts';
import { answerFaceCheck, builtActionWorld, FACE_CLAIMS } from './built-action.ts';
import { ALICE, type App, BOB, logIn, type TenantWorld, tenantWorld } from './tenant-world.ts';

const [AMR = ''] = FACE_CLAIMS;
const NAMESPACE = AMR.replace('amr', '');
const ACR = 'https://authid.ai/policies/multi-factor';
type Tokens = oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers;

const userinfo = async (world: TenantWorld, { access_token, claims }: Tokens, app: App = 'bank') =>
  oidc.fetchUserInfo(await world.configurationOf(app), access_token, claims()?.sub ?? '');

describe('the claims of Actions in /userinfo are those of application and user, not of the token', () => {
  const CLAIM = 'https://app.example/claim';
  const OTHER = 'https://app.example/other';
  /** Sets what the login names by `login_hint`: `claim=value`, or nothing. */
  const ECHO = `
    exports.onExecutePostLogin = async (event, api) => {
      for (const pair of (event.transaction.login_hint ?? '').split(' ').filter(Boolean)) {
        const [name, value] = pair.split('=');
        api.idToken.setCustomClaim(\`https://app.example/\${name}\`, value === 'null' ? null : value);
      }
    };`;

  let world: TenantWorld;
  beforeEach(async () => {
    world = await tenantWorld([ECHO], { customClaims: [CLAIM, OTHER] });
    return () => world.close();
  });
  const login = async (sets: string, app: App = 'bank', user: typeof ALICE | typeof BOB = ALICE): Promise<Tokens> => {
    const begun = await world.begin({ login_hint: sets, scope: 'openid email offline_access' }, app);
    return world.redeem(begun, await logIn(world.browser(), begun, user));
  };

  test('a later session shows in the answer to an earlier one’s token; the ID token is unchanged', async () => {
    const early = await login('');
    expect(await userinfo(world, early)).not.toHaveProperty([CLAIM]);
    await login('claim=late');
    expect(await userinfo(world, early)).toHaveProperty([CLAIM], 'late');
    expect(early.claims()).not.toHaveProperty([CLAIM]);
  });

  test('the access token may be in the address, where passport-auth0 puts it', async () => {
    const { access_token } = await login('claim=x');
    const url = new URL('userinfo', world.issuer);
    url.searchParams.set('access_token', access_token);
    expect(await (await loopbackFetch(url)).json()).toMatchObject({ email: ALICE.email, [CLAIM]: 'x' });
  });

  test('another application and another user have their own', async () => {
    await login('claim=bank');
    expect(await userinfo(world, await login('', 'shop'), 'shop')).not.toHaveProperty([CLAIM]);
    expect(await userinfo(world, await login('', 'bank', BOB))).not.toHaveProperty([CLAIM]);
  });

  test('they are the same for all domains of the tenant', async () => {
    const domain = 'login.localhost';
    const wide = await tenantWorld([ECHO], { customClaims: [CLAIM], customDomains: [domain] });
    const { config, login: begun } = await wide.beginAt(domain);
    const early = await wide.redeemWith(config, begun, await logIn(wide.browser(), begun));
    const later = await wide.begin({ login_hint: 'claim=late' });
    await wide.redeem(later, await logIn(wide.browser(), later));
    const info = await oidc.fetchUserInfo(config, early.access_token, early.claims()?.sub ?? '');
    expect(info).toHaveProperty([CLAIM], 'late');
    await wide.close();
  });

  test('what a later login does not set is kept, and null removes it', async () => {
    await login('claim=1 other=2');
    const after = await login('other=3');
    expect(await userinfo(world, after)).toMatchObject({ [CLAIM]: '1', [OTHER]: '3' });
    expect(await userinfo(world, await login('claim=null'))).not.toHaveProperty([CLAIM]);
  });

  test('a login whose code is exchanged late does not reset them', async () => {
    const slow = await world.begin({ login_hint: 'claim=old' });
    const page = await logIn(world.browser(), slow);
    const quick = await login('claim=new');
    await world.redeem(slow, page);
    expect(await userinfo(world, quick)).toHaveProperty([CLAIM], 'new');
  });

  test('a denied login sets nothing', async () => {
    const deny = `exports.onExecutePostLogin = async (event, api) => {
      if (event.transaction.login_hint !== 'deny') return;
      api.idToken.setCustomClaim('${CLAIM}', 'denied');
      api.access.deny('no');
    };`;
    const denying = await tenantWorld([deny], { customClaims: [CLAIM] });
    const refused = await denying.begin({ login_hint: 'deny' });
    await logIn(denying.browser(), refused);
    const passing = await denying.begin();
    const tokens = await denying.redeem(passing, await logIn(denying.browser(), passing));
    expect(await userinfo(denying, tokens)).not.toHaveProperty([CLAIM]);
    await denying.close();
  });

  test('a refresh and a password grant set them too', async () => {
    const stamp = `exports.onExecutePostLogin = async (event, api) =>
      void api.idToken.setCustomClaim('${CLAIM}', event.transaction.protocol);`;
    const stamping = await tenantWorld([stamp], { customClaims: [CLAIM] });
    const begun = await stamping.begin({ scope: 'openid offline_access' });
    const tokens = await stamping.redeem(begun, await logIn(stamping.browser(), begun));
    expect(await userinfo(stamping, tokens)).toHaveProperty([CLAIM], 'oidc-basic-profile');
    await oidc.refreshTokenGrant(await stamping.configurationOf('bank'), tokens.refresh_token ?? '');
    expect(await userinfo(stamping, tokens)).toHaveProperty([CLAIM], 'oauth2-refresh-token');
    await stamping.askToken({
      grant_type: 'password',
      username: ALICE.email,
      password: ALICE.password,
      scope: 'openid',
    });
    expect(await userinfo(stamping, tokens)).toHaveProperty([CLAIM], 'oauth2-password');
    await stamping.close();
  });
});

describe('T23 a thief with the password, while the owner steps up at the same application', () => {
  let world: TenantWorld;
  beforeAll(async () => {
    world = await builtActionWorld({ MODE: 'on-demand' });
  });
  afterAll(() => world.close());

  const withPassword = async (): Promise<Tokens> => {
    const begun = await world.begin();
    return world.redeem(begun, await logIn(world.browser(), begun));
  };
  const withFace = async (): Promise<Tokens> => {
    const browser = world.browser();
    const begun = await world.begin({ acr_values: ACR });
    return world.redeem(begun, await answerFaceCheck(browser, await logIn(browser, begun), world.issuer));
  };
  const app = async () => {
    const keys = await loopbackFetch(new URL('.well-known/jwks.json', world.issuer));
    return {
      issuer: world.issuer,
      clientId: 'bank',
      keys: createLocalJWKSet((await keys.json()) as JSONWebKeySet),
    };
  };
  const now = (): number => Math.floor(Date.now() / 1000);

  test('reads the owner’s fresh face in /userinfo: an app that takes the claims from there is fooled', async () => {
    const thief = await withPassword();
    expect(secondFactorOf(await userinfo(world, thief), NAMESPACE)).toBeNull();
    await withFace();
    const fooled = secondFactorOf(await userinfo(world, thief), NAMESPACE);
    expect(isRecent(fooled, 300, now())).toBe(true);
  });

  test('finds no face in the ID token, so that an app that reads it is not fooled', async () => {
    const thief = await withPassword();
    const owner = await withFace();
    expect(secondFactorOf({ ...thief.claims() }, NAMESPACE)).toBeNull();
    const sub = owner.claims()?.sub ?? '';
    expect(await faceOfLogin(thief.id_token ?? '', sub, await app())).toBeNull();
    expect(isRecent(await faceOfLogin(owner.id_token ?? '', sub, await app()), 300, now())).toBe(true);
  });

  test('removes the owner’s claim in /userinfo by logging in, so that not even the owner can rely on it', async () => {
    const owner = await withFace();
    await withPassword();
    expect(secondFactorOf(await userinfo(world, owner), NAMESPACE)).toBeNull();
    expect(secondFactorOf({ ...owner.claims() }, NAMESPACE)).not.toBeNull();
  });

  test('gets nothing from docs/snippets/id-token.ts for a token of another app, user or tenant', async () => {
    const owner = await withFace();
    const [token, sub] = [owner.id_token ?? '', owner.claims()?.sub ?? ''];
    const good = await app();
    await expect(faceOfLogin(token, 'auth0|somebody-else', good)).rejects.toThrow();
    await expect(faceOfLogin(token, sub, { ...good, clientId: 'shop' })).rejects.toThrow();
    await expect(faceOfLogin(token, sub, { ...good, issuer: 'https://other.example/' })).rejects.toThrow();
    const [head, body] = token.split('.');
    await expect(faceOfLogin(`${head}.${body}.AAAA`, sub, good)).rejects.toThrow();
  });
});
