import { methodUrl, ON_DEMAND_ACR } from '../../contract/protocol/claims.ts';
import { CLOCK_SKEW_SECONDS } from '../../contract/protocol/session-token.ts';
import type { PostLoginEvent } from './auth0-types.ts';
import { bypassOf, hasEnrolled } from './person-marks.ts';
import type { Settings } from './settings.ts';

/** What one login needs. `faceAt`: epoch seconds of the check that still counts; null: none, so no claim. */
export type Decision =
  | { readonly kind: 'challenge' }
  | {
      readonly kind: 'pass';
      readonly faceAt: number | null /** An admin's bypass let it pass. */;
      readonly isBypassed?: true;
    }
  | { readonly kind: 'deny'; readonly code: 'face_interaction_required'; readonly reason: string };

/** Values of `event.transaction.protocol` that run in a browser and can redirect. */
const BROWSER_PROTOCOLS: readonly string[] = [
  'oidc-basic-profile',
  'oidc-implicit-profile',
  'oidc-hybrid-profile',
  'samlp',
  'wsfed',
  'oauth2-device-code',
  // The link in a CIBA e-mail opens a login in the browser like any other (Auth0 docs, "Email notifications with CIBA").
  'oidc-ciba-web-link',
];

/** Protocols without a browser to redirect. A protocol in neither list, e.g. one that Auth0 adds later, is denied. */
const BROWSERLESS_PROTOCOLS: readonly string[] = [
  'oauth2-password',
  'oauth2-resource-owner',
  'oauth2-resource-owner-jwt-bearer',
  'oauth2-access-token',
  'oauth2-token-exchange',
  'oauth2-webauthn',
  'oidc-ciba',
  'wstrust-usernamemixed',
];

const REFRESH_PROTOCOL = 'oauth2-refresh-token';

/** The refresh token's metadata that carries the check over to later exchanges; each integration counts only its own. */
export const faceAtMetadata = (integrationId: string): string => `verified_face_at_${integrationId}`;

const interactionRequired = (reason: string): Decision => ({ kind: 'deny', code: 'face_interaction_required', reason });

/**
 * Epoch seconds of the newest record of this integration's method in this browser session; null if there is none. Auth0's
 * reference calls the recorded URL `name`, its sample code reads `url`: either counts.
 */
const recordedFaceAt = (event: PostLoginEvent, integrationId: string): number | null => {
  const ownMethod = methodUrl(integrationId);
  const times = (event.authentication?.methods ?? []).flatMap((method) => {
    const { name, url, timestamp } = (method ?? {}) as { name?: unknown; url?: unknown; timestamp?: unknown };
    if (name !== ownMethod && url !== ownMethod) return [];
    const ms = typeof timestamp === 'string' ? Date.parse(timestamp) : Number.NaN;
    return Number.isFinite(ms) ? [Math.floor(ms / 1000)] : [];
  });
  return times.length === 0 ? null : Math.max(...times);
};

/**
 * `max_age` of the request (OpenID Connect Core section 3.1.2.1), in seconds; null without one. A value that Auth0
 * does not understand counts as 0, so that it can only require more. The browser controls it, so it never widens a window.
 */
const askedMaxAge = ({ request }: PostLoginEvent): number | null => {
  const value = request.query?.['max_age'] ?? request.body?.['max_age'];
  if (value === undefined) return null;
  return typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : 0;
};

/** True if the application requested the face check. */
export const isAsked = ({ transaction }: PostLoginEvent): boolean =>
  (transaction?.acr_values ?? []).includes(ON_DEMAND_ACR);

/** Maximum age of a face check that counts for this login. In mode `always`, a request for the face never extends it. */
const windowSeconds = (event: PostLoginEvent, settings: Settings): number => {
  const { mode, freshnessSeconds, stepUpFreshnessSeconds } = settings;
  const windows = [
    ...(mode === 'always' ? [freshnessSeconds] : []),
    ...(isAsked(event) ? [stepUpFreshnessSeconds] : []),
    askedMaxAge(event) ?? Number.POSITIVE_INFINITY,
  ];
  return Math.min(...windows);
};

const freshFaceAt = (event: PostLoginEvent, settings: Settings, nowSeconds: number): number | null => {
  const at = recordedFaceAt(event, settings.integrationId);
  if (at === null || at > nowSeconds + CLOCK_SKEW_SECONDS) return null;
  return nowSeconds - at < windowSeconds(event, settings) ? at : null;
};

const decideRefresh = (event: PostLoginEvent, settings: Settings, nowSeconds: number): Decision => {
  const stored = event.refresh_token?.metadata?.[faceAtMetadata(settings.integrationId)];
  const at = typeof stored === 'string' && /^\d{10}$/.test(stored) ? Number(stored) : null;
  const faceAt = at !== null && at <= nowSeconds + CLOCK_SKEW_SECONDS ? at : null;
  if (faceAt === null && settings.strictRefresh) return interactionRequired('refresh without a face check');
  return { kind: 'pass', faceAt };
};

/** True if the application did not request the check and nothing else requires it: in mode `on-demand`, or while enrollment waits for a request. */
const isLeftAlone = (event: PostLoginEvent, settings: Settings): boolean => {
  if (isAsked(event)) return false;
  return settings.mode === 'on-demand' || (!settings.enrollAtLogin && !hasEnrolled(event, settings.integrationId));
};

/**
 * Decides what this login needs. A silent login (`prompt=none`) is challenged like any other: Auth0 then answers
 * `interaction_required`. That must not be skipped, since Auth0's session exists even if the factor was never passed (Auth0
 * docs, "Redirect with Actions").
 * @param settings as they apply to this login
 * @param nowSeconds epoch seconds
 */
export const decide = (event: PostLoginEvent, settings: Settings, nowSeconds: number): Decision => {
  const { protocol, id } = event.transaction ?? {};
  if (settings.mode === 'off') return { kind: 'pass', faceAt: null };
  if (bypassOf(event, settings, nowSeconds) === 'open') return { kind: 'pass', faceAt: null, isBypassed: true };
  if (protocol === REFRESH_PROTOCOL) return decideRefresh(event, settings, nowSeconds);
  if (isLeftAlone(event, settings)) return { kind: 'pass', faceAt: null };
  if (protocol !== undefined && BROWSERLESS_PROTOCOLS.includes(protocol)) {
    return settings.allowWithoutBrowser ? { kind: 'pass', faceAt: null } : interactionRequired('no browser');
  }
  if (protocol === undefined || !BROWSER_PROTOCOLS.includes(protocol)) return interactionRequired('unknown protocol');
  // Without its id the answer could not be bound to this login.
  if (!id) return interactionRequired('no transaction');
  const faceAt = freshFaceAt(event, settings, nowSeconds);
  return faceAt === null ? { kind: 'challenge' } : { kind: 'pass', faceAt };
};
