import { methodUrl, ON_DEMAND_ACR } from '../../contract/protocol/claims.ts';
import type { PostLoginEvent } from './auth0-types.ts';
import type { Settings } from './settings.ts';

/** What one login needs. `faceAt`: epoch seconds of the check that still counts. */
export type Decision =
  | { readonly kind: 'challenge' }
  | { readonly kind: 'pass'; readonly faceAt: number | null }
  | { readonly kind: 'deny'; readonly code: 'face_interaction_required' };

/** Protocols of `event.transaction.protocol` that run in a browser and can redirect. Unknown ones are in neither list. */
const BROWSER_PROTOCOLS = [
  'oidc-basic-profile',
  'oidc-implicit-profile',
  'oidc-hybrid-profile',
  'samlp',
  'wsfed',
  'oauth2-device-code',
];
const REFRESH_PROTOCOL = 'oauth2-refresh-token';

/** Name of the refresh token's metadata that carries the check over to later exchanges. */
export const FACE_AT_METADATA = 'verified_face_at';

const CLOCK_SKEW_SECONDS = 60;

/** Epoch seconds of our own method record, the newest; null if none. Auth0's docs say `name`, its sample reads `url`. */
export const recordedFaceAt = (event: PostLoginEvent, integrationId: string): number | null => {
  const ours = methodUrl(integrationId);
  const times = (event.authentication?.methods ?? []).flatMap((method) => {
    const { name, url, timestamp } = (method ?? {}) as { name?: unknown; url?: unknown; timestamp?: unknown };
    if (name !== ours && url !== ours) return [];
    const ms = typeof timestamp === 'string' ? Date.parse(timestamp) : Number.NaN;
    return Number.isFinite(ms) ? [Math.floor(ms / 1000)] : [];
  });
  return times.length === 0 ? null : Math.max(...times);
};

const freshFaceAt = (event: PostLoginEvent, settings: Settings, nowSeconds: number): number | null => {
  const at = recordedFaceAt(event, settings.integrationId);
  if (at === null || at > nowSeconds + CLOCK_SKEW_SECONDS) return null;
  return nowSeconds - at < settings.freshnessSeconds ? at : null;
};

const decideRefresh = (event: PostLoginEvent, settings: Settings): Decision => {
  const stored = event.refresh_token?.metadata?.[FACE_AT_METADATA];
  const faceAt = typeof stored === 'string' && /^\d{10}$/.test(stored) ? Number(stored) : null;
  if (faceAt === null && settings.strictRefresh) return { kind: 'deny', code: 'face_interaction_required' };
  return { kind: 'pass', faceAt };
};

/**
 * Decides what this login needs, from protocol, mode and freshness alone. A silent login (`prompt=none`) is challenged like any
 * other: Auth0 then answers `interaction_required`, since a session exists even where the factor was never passed.
 */
export const decide = (event: PostLoginEvent, settings: Settings, nowSeconds: number): Decision => {
  const protocol = event.transaction?.protocol;
  if (protocol === REFRESH_PROTOCOL) return decideRefresh(event, settings);
  const isAsked = (event.transaction?.acr_values ?? []).includes(ON_DEMAND_ACR);
  const isNeeded = settings.mode === 'always' || isAsked;
  if (!isNeeded) return { kind: 'pass', faceAt: null };
  const isBrowser =
    event.transaction?.id !== undefined && protocol !== undefined && BROWSER_PROTOCOLS.includes(protocol);
  if (!isBrowser) {
    return settings.allowWithoutBrowser
      ? { kind: 'pass', faceAt: null }
      : { kind: 'deny', code: 'face_interaction_required' };
  }
  // An app that asks for the face now means now: a fresh record is enough for the always-on mode only.
  const faceAt = isAsked ? null : freshFaceAt(event, settings, nowSeconds);
  return faceAt === null ? { kind: 'challenge' } : { kind: 'pass', faceAt };
};
