import { AMR_CLAIM, AMR_VALUE, EVENT_CLAIM, FACE_AT_CLAIM } from '../../contract/protocol/claims.ts';
import type { PostLoginApi, PostLoginEvent } from './auth0-types.ts';

/** A face check that counts for this login. `event`: what happened in it, null if an earlier one is still good. */
export interface Face {
  readonly at: number;
  readonly event: 'verified' | 'enrolled' | null;
}

/** Protocols whose answer is a SAML assertion. */
const ASSERTION_PROTOCOLS: readonly unknown[] = ['samlp', 'wsfed'];

/**
 * Our claims in both tokens, and in the assertion of SAML and WS-Fed. Auth0 has no call that removes a claim of a token, and one
 * set to `undefined` is lost on its way out of the Action; `null` surely overwrites what an earlier Action wrote under our
 * names, and takes an attribute out of the assertion.
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
