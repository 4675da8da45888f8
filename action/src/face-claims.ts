import { AMR_CLAIM, AMR_VALUE, EVENT_CLAIM, FACE_AT_CLAIM } from '../../contract/protocol/claims.ts';
import type { PostLoginApi, PostLoginEvent } from './auth0-types.ts';
import { isAsked } from './decide.ts';
import type { LoginSettings } from './settings-of-login.ts';

/** A face check that counts for this login. `event`: what happened in this login, null if an earlier check still counts. */
export interface Face {
  readonly at: number;
  readonly event: 'verified' | 'enrolled' | null;
}

/** Protocols whose answer is a SAML assertion. */
const ASSERTION_PROTOCOLS: readonly unknown[] = ['samlp', 'wsfed'];

/**
 * Transaction metadata by which one integration's Action tells later Actions that it set the claims of this login; the
 * value is their namespace. An Action cannot read what another one wrote into a token.
 */
const WRITTEN_METADATA = 'verified_claims_';

const areWritten = (event: PostLoginEvent, namespace: string): boolean =>
  Object.entries(event.transaction?.metadata ?? {}).some(
    ([name, value]) => name.startsWith(WRITTEN_METADATA) && value === namespace,
  );

/**
 * True if this Action is responsible for the claims of this login, so that no other claims may remain. Not for an application that
 * is set to `off`, which may belong to another integration, nor for a user whom the lists exclude, if another integration has
 * just set the same claims.
 */
export const answersForClaims = (event: PostLoginEvent, settings: LoginSettings): boolean => {
  if (settings.mode === 'off') return false;
  return settings.isPersonSelected || isAsked(event) || !areWritten(event, settings.claimNamespace);
};

/**
 * The claims in both tokens, and in the assertion of SAML and WS-Fed. Auth0 has no call that removes a claim from a token, and one
 * set to `undefined` is lost on its way out of the Action; `null` reliably overwrites what an earlier Action wrote under the same
 * names, and removes an attribute from the assertion.
 */
export const setFaceClaims = (event: PostLoginEvent, api: PostLoginApi, namespace: string, face: Face | null): void => {
  const claims = {
    [AMR_CLAIM]: face === null ? null : AMR_VALUE,
    [FACE_AT_CLAIM]: face?.at ?? null,
    [EVENT_CLAIM]: face?.event ?? null,
  };
  for (const [name, value] of Object.entries(claims)) {
    api.idToken.setCustomClaim(`${namespace}${name}`, value);
    api.accessToken.setCustomClaim(`${namespace}${name}`, value);
    if (ASSERTION_PROTOCOLS.includes(event.transaction?.protocol)) {
      api.samlResponse?.setAttribute?.(`${namespace}${name}`, value);
    }
  }
};

/** Tells the Actions of other integrations that these claims are set. Without it they may remove them, which is safe, so no login fails here. */
export const vouchForClaims = (api: PostLoginApi, { integrationId, claimNamespace }: LoginSettings): void => {
  try {
    api.transaction?.setMetadata?.(`${WRITTEN_METADATA}${integrationId}`, claimNamespace);
  } catch {
    console.log('verified transaction metadata is full or not available');
  }
};
