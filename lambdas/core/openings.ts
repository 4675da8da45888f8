import type { ConnectionView, OpeningRefusal } from '../../contract/api/portal/connection.ts';
import type { EpochSeconds } from '../../contract/protocol/epoch-seconds.ts';
import type { Integration } from './integration.ts';
import type { BadSessionToken } from './verify-session-token.ts';

/** How a login reached the service; `domain` is the tenant that a good signature vouches for. */
export type Opening =
  | { readonly kind: 'accepted'; readonly at: EpochSeconds; readonly domain: string }
  | {
      readonly kind: 'refused';
      readonly at: EpochSeconds;
      readonly reason: OpeningRefusal;
      readonly domain: string | null;
    };

/**
 * The last good and the last refused opening of each integration, for the operator who connects Auth0. A link can be opened by
 * anybody, without a token of ours, so that this must cost an attacker's request nothing that grows: one row an integration
 * that exists, overwritten in place, and written at most every few seconds for each kind of opening (T14, T70, T77).
 */
export interface Openings {
  /** Best effort: never fails, since no login may depend on it. */
  note(integrationId: string, opening: Opening): Promise<void>;
}

export interface OpeningsOfIntegration {
  read(integrationId: string): Promise<ConnectionView>;
}

const REFUSALS: Readonly<Record<string, OpeningRefusal>> = {
  signature: 'signature',
  iss: 'domain',
  'iat in the future': 'time',
  'too old': 'time',
  expired: 'time',
};

export const refusedOpening = ({ reason, domain }: BadSessionToken, at: EpochSeconds): Opening => ({
  kind: 'refused',
  at,
  reason: REFUSALS[reason] ?? 'form',
  domain,
});

/** A good token. A disabled integration takes it all the same, to give the login a signed refusal. */
export const openingOf = ({ enabled }: Integration, domain: string, at: EpochSeconds): Opening =>
  enabled ? { kind: 'accepted', at, domain } : { kind: 'refused', at, reason: 'disabled', domain };
