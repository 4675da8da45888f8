import type { ConnectionView, OpeningRefusal } from '../../../contract/api/portal/connection.ts';
import type { EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import type { Integration } from '../model/integration.ts';
import type { BadSessionToken } from '../model/verify-session-token.ts';

/**
 * How a login reached the service; `domain` is the tenant that a good signature vouches for. `unproven`: without such a
 * signature; anybody who knows the integration's id can open such a link.
 */
export type Opening =
  | { readonly kind: 'accepted'; readonly at: EpochSeconds; readonly domain: string }
  | {
      readonly kind: 'refused';
      readonly at: EpochSeconds;
      readonly reason: OpeningRefusal;
      readonly domain: string | null;
    }
  | { readonly kind: 'unproven'; readonly at: EpochSeconds; readonly reason: OpeningRefusal };

/**
 * The last opening of each kind and integration, for the operator who connects Auth0. A link can be opened by
 * anybody, without a token of ours, so that this must cost an attacker's request nothing that grows: one row an integration
 * that exists, overwritten in place, and written at most every few seconds for each kind of opening (T14, T70, T77).
 */
export interface TenantContacts {
  /** Best effort: never fails, since no login may depend on it. */
  note(integrationId: string, opening: Opening): Promise<void>;
}

export interface TenantContactsOfIntegration {
  read(integrationId: string): Promise<ConnectionView>;
}

const REFUSALS: Readonly<Record<string, OpeningRefusal>> = {
  signature: 'signature',
  iss: 'domain',
  'iat in the future': 'time',
  'too old': 'time',
  expired: 'time',
};

export const refusedContact = ({ reason, domain, isSigned }: BadSessionToken, at: EpochSeconds): Opening => {
  const refusal = { at, reason: REFUSALS[reason] ?? 'form' };
  return isSigned ? { kind: 'refused', ...refusal, domain } : { kind: 'unproven', ...refusal };
};

/** A good token. A disabled integration takes it all the same, to give the login a signed refusal. */
export const acceptedContact = ({ enabled }: Integration, domain: string, at: EpochSeconds): Opening =>
  enabled ? { kind: 'accepted', at, domain } : { kind: 'refused', at, reason: 'disabled', domain };
