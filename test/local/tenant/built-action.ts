import { decodeJwt } from 'jose';
import { buildAction } from '../../../action/tools/build.ts';
import { DEFAULT_CLAIM_NAMESPACE } from '../../../contract/protocol/claims.ts';
import { deriveSessionKeys } from '../../../contract/protocol/derive-keys.ts';
import type { TenantOptions } from '../../../local/tenant/start-tenant.ts';
import { SECRET, SETTINGS } from '../../support/action-login.ts';
import type { BrowserlessAgent, Page } from '../../support/browserless-agent.ts';
import { AUTH0_HEADER, rawToken } from '../../support/raw-token.ts';
import { honestResult } from '../../support/result-claims.ts';
import { type TenantWorld, tenantWorld } from './tenant-world.ts';

export const FACE_CLAIMS = ['amr', 'face_at', 'event'].map((name) => `${DEFAULT_CLAIM_NAMESPACE}${name}`);

/** The built Action as a tenant installs it. */
export const builtAction = async (settings: Readonly<Record<string, string>> = {}) => ({
  name: 'Verified face factor',
  file: (await buildAction()).file,
  secrets: { ...SETTINGS, ...settings },
});

/** A tenant that runs the built Action. */
export const builtActionWorld = async (
  settings: Readonly<Record<string, string>> = {},
  options: Partial<TenantOptions> = {},
): Promise<TenantWorld> =>
  tenantWorld([], { actions: [await builtAction(settings)], customClaims: FACE_CLAIMS, ...options });

/** True on the hosted page, which is never loaded. */
export const isAtFaceCheck = ({ url }: Page): boolean => url.origin === SETTINGS.CAPTURE_URL;

/** The integration whose hosted page this address is. */
export const integrationAt = ({ pathname }: URL): string => pathname.replace('/s/', '');

/**
 * The service's answer at this address of the hosted page: where it is posted, and the signed token. All integrations of these
 * tests have the same Session Secret, so that only their ids distinguish them.
 */
export const faceCheckAnswer = (
  address: URL,
  issuer: string,
  change: object = {},
): { readonly url: URL; readonly token: string } => {
  const { searchParams } = address;
  const integrationId = integrationAt(address);
  const state = searchParams.get('state') ?? '';
  const session = decodeJwt(searchParams.get('session_token') ?? '');
  const claims = { ...honestResult(session, state, integrationId, Math.floor(Date.now() / 1000)), ...change };
  const { result } = deriveSessionKeys(SECRET, integrationId);
  const token = rawToken(AUTH0_HEADER, JSON.stringify(claims), result);
  return { url: new URL(`/continue?${new URLSearchParams({ state })}`, issuer), token };
};

/** Answers at the hosted page as the service does and lets the browser follow; `change` alters the answer. */
export const answerFaceCheck = (
  browser: BrowserlessAgent,
  page: Page,
  issuer: string,
  change: object = {},
): Promise<Page> => {
  if (!isAtFaceCheck(page)) throw new Error(`no face check at ${page.url.origin}${page.url.pathname}`);
  const { url, token } = faceCheckAnswer(page.url, issuer, change);
  return browser.post(url, { result_token: token }, page.url.host);
};
