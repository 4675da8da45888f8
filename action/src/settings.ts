import { DEFAULT_CLAIM_NAMESPACE } from '../../contract/protocol/claims.ts';
import { isIntegrationId, isSessionSecret } from '../../contract/protocol/derive-keys.ts';
import type { ChallengeMode } from '../../contract/protocol/session-token.ts';
import type { PostLoginEvent } from './auth0-types.ts';

/** What the admin chose, checked and with defaults filled in; `action/README.md` describes each setting. */
export interface Settings {
  readonly integrationId: string;
  /** The current secret, then the previous one while a rotation lasts. */
  readonly sessionSecrets: readonly [string, ...string[]];
  /** Origin of the hosted page. */
  readonly captureOrigin: string;
  /** `off`: the Action leaves the login alone; only an application can be set to that. */
  readonly mode: ChallengeMode | 'off';
  /** How long a face check of this browser session is fresh enough; 0: never. */
  readonly freshnessSeconds: number;
  readonly claimNamespace: string;
  /** Logins that are known to have no browser (password grant, token exchange …) pass, without our claim. */
  readonly allowWithoutBrowser: boolean;
  /** Refresh tokens whose login never had a face check are refused. */
  readonly strictRefresh: boolean;
  /** Client IDs of the applications that are asked for a face; null: all. */
  readonly onlyClients: readonly string[] | null;
  /** Client IDs of those that are not. */
  readonly exceptClients: readonly string[];
  /** Logs one line per run beside the denials. */
  readonly debug: boolean;
}

/** A setting that is missing or malformed; names the setting, never its value. */
export class SettingsError extends Error {
  constructor(setting: string) {
    super(`setting ${setting} is missing or malformed`);
    this.name = 'SettingsError';
  }
}

const MAX_FRESHNESS_SECONDS = 30 * 86_400;

const readFlag = (name: string, value: string | undefined): boolean => {
  if (value === undefined || value === '' || value === 'false') return false;
  if (value === 'true') return true;
  throw new SettingsError(name);
};

/**
 * The origin of CAPTURE_URL: https, without path, query, user-info. Plain http is accepted for loopback names alone (RFC 6761
 * section 6.3 reserves `localhost` and everything below it): browsers send those to the person's own machine, so no network
 * can read the token on its way, and such a setting in a real tenant reaches nobody else.
 */
const readOrigin = (value: string | undefined): string => {
  try {
    const url = new URL(value ?? '');
    const isLoopback = url.hostname === 'localhost' || url.hostname.endsWith('.localhost');
    const isPlain =
      url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '' && url.password === '';
    if (isPlain && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback))) return url.origin;
  } catch {
    // Falls through: not a URL.
  }
  throw new SettingsError('CAPTURE_URL');
};

const readSeconds = (value: string | undefined): number => {
  if (value === undefined || value === '') return 0;
  const seconds = /^\d{1,8}$/.test(value) ? Number(value) : Number.NaN;
  if (!(seconds <= MAX_FRESHNESS_SECONDS)) throw new SettingsError('FRESHNESS_SECONDS');
  return seconds;
};

/** Auth0 drops claims below these hosts without a word (Auth0 docs, "Create custom claims"). */
const RESERVED_NAMESPACE = /(^|\.)(auth0\.com|webtask\.io|webtask\.run)$/;

const readNamespace = (value: string | undefined): string => {
  if (value === undefined || value === '') return DEFAULT_CLAIM_NAMESPACE;
  const isUsable =
    /^https?:\/\/[^\s]{1,200}\/$/.test(value) &&
    URL.canParse(value) &&
    !RESERVED_NAMESPACE.test(new URL(value).hostname);
  if (!isUsable) throw new SettingsError('CLAIM_NAMESPACE');
  return value;
};

/** Comma-separated entries without blanks around them; null where the setting is blank. */
const readList = (name: string, value: string | undefined, entry: RegExp): readonly string[] | null => {
  if (value === undefined || value === '') return null;
  const entries = value.split(',').map((text) => text.trim());
  if (entries.some((text) => !entry.test(text))) throw new SettingsError(name);
  return entries;
};

/** A Client ID: printable ASCII (RFC 6749 appendix A.1) without blank and comma. */
const CLIENT_ID = /^[\x21-\x2b\x2d-\x7e]{1,128}$/;

const readText = (event: PostLoginEvent, name: string): string | undefined => {
  const value: unknown = event.configuration?.[name] ?? event.secrets?.[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw new SettingsError(name);
  return value.trim();
};

/**
 * Reads the settings: `event.configuration` of a Marketplace installation, else `event.secrets`. Flags are exactly `true` or
 * `false`: a setting that could be read either way is refused rather than guessed.
 * @throws SettingsError naming the first setting that is missing or malformed
 */
export const readSettings = (event: PostLoginEvent): Settings => {
  const read = (name: string): string | undefined => readText(event, name);
  const integrationId = read('INTEGRATION_ID');
  const secret = read('SESSION_SECRET');
  const previous = read('SESSION_SECRET_PREVIOUS');
  const mode = read('MODE') || 'always';
  if (!isIntegrationId(integrationId)) throw new SettingsError('INTEGRATION_ID');
  if (!isSessionSecret(secret)) throw new SettingsError('SESSION_SECRET');
  if (previous && !isSessionSecret(previous)) throw new SettingsError('SESSION_SECRET_PREVIOUS');
  if (mode !== 'always' && mode !== 'on-demand') throw new SettingsError('MODE');
  return {
    integrationId,
    sessionSecrets: previous ? [secret, previous] : [secret],
    captureOrigin: readOrigin(read('CAPTURE_URL')),
    mode,
    freshnessSeconds: readSeconds(read('FRESHNESS_SECONDS')),
    claimNamespace: readNamespace(read('CLAIM_NAMESPACE')),
    allowWithoutBrowser: readFlag('ALLOW_WITHOUT_BROWSER', read('ALLOW_WITHOUT_BROWSER')),
    strictRefresh: readFlag('STRICT_REFRESH', read('STRICT_REFRESH')),
    onlyClients: readList('ONLY_CLIENTS', read('ONLY_CLIENTS'), CLIENT_ID),
    exceptClients: readList('EXCEPT_CLIENTS', read('EXCEPT_CLIENTS'), CLIENT_ID) ?? [],
    debug: readFlag('DEBUG', read('DEBUG')),
  };
};
