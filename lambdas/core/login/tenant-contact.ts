import type { ConnectionView, OpeningRefusal } from '../../../contract/api/portal/connection.ts';
import type { EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import type { Integration } from '../model/integration.ts';
import type { BadSessionToken } from '../model/verify-session-token.ts';

/**
 * How a login reached the service; `domain` is the tenant that a valid signature vouches for. `unproven`: without such a signature;
 * anybody who knows the integration's id can open such a link.
 */
export type TenantContact =
  | { readonly kind: 'accepted'; readonly at: EpochSeconds; readonly domain: string }
  | {
      readonly kind: 'refused';
      readonly at: EpochSeconds;
      readonly reason: OpeningRefusal;
      readonly domain: string | null;
    }
  | { readonly kind: 'unproven'; readonly at: EpochSeconds; readonly reason: OpeningRefusal };

/**
 * The last contact of each kind and integration, for the operator who connects Auth0. Anybody can open a link, without a valid token,
 * so an attacker's requests must not make anything grow: there is one row for each existing integration, overwritten in place, and
 * written at most every few seconds for each kind of contact (T14, T70, T77).
 */
export interface TenantContacts {
  /** Best effort: never fails, since no login may depend on it. */
  note(integrationId: string, contact: TenantContact): Promise<void>;
}

export interface TenantContactsOfIntegration {
  /** Contacts that are older than 30 days at `now` are missing. */
  read(integrationId: string, now: EpochSeconds): Promise<ConnectionView>;
}

const REFUSALS: Readonly<Record<string, OpeningRefusal>> = {
  signature: 'signature',
  iss: 'domain',
  'iat in the future': 'time',
  'too old': 'time',
  expired: 'time',
};

export const refusedContact = ({ reason, domain, isSigned }: BadSessionToken, at: EpochSeconds): TenantContact => {
  const refusal = { at, reason: REFUSALS[reason] ?? 'form' };
  return isSigned ? { kind: 'refused', ...refusal, domain } : { kind: 'unproven', ...refusal };
};

/** A valid token. A disabled integration accepts it all the same, to give the login a signed refusal. */
export const acceptedContact = ({ enabled }: Integration, domain: string, at: EpochSeconds): TenantContact =>
  enabled ? { kind: 'accepted', at, domain } : { kind: 'refused', at, reason: 'disabled', domain };
