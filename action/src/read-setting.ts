import { DEFAULT_CLAIM_NAMESPACE } from '../../contract/protocol/claims.ts';

/** A setting is missing, malformed or contradicts another; the message names the setting, never its value. */
export class SettingsError extends Error {
  constructor(setting: string, fault = 'is missing or malformed') {
    super(`setting ${setting} ${fault}`);
    this.name = 'SettingsError';
  }
}

const MAX_FRESHNESS_SECONDS = 30 * 86_400;

/**
 * Exactly `true` or `false`: an ambiguous flag is refused, not guessed.
 * @throws SettingsError
 */
export const readFlag = (name: string, value: string | undefined, fallback = false): boolean => {
  if (value === undefined || value === '') return fallback;
  if (value === 'true' || value === 'false') return value === 'true';
  throw new SettingsError(name);
};

/**
 * A flag with a former name. Both names are read, so that a new version of the code needs no new settings; set to two values,
 * it is refused like any ambiguous flag.
 * @throws SettingsError
 */
export const readRenamedFlag = (
  { name, formerName }: { readonly name: string; readonly formerName: string },
  read: (name: string) => string | undefined,
  fallback: boolean,
): boolean => {
  const [value, former] = [read(name), read(formerName)];
  const isFormerSet = former !== undefined && former !== '';
  if (value === undefined || value === '') return readFlag(isFormerSet ? formerName : name, former, fallback);
  if (isFormerSet && former !== value) throw new SettingsError(name, `contradicts ${formerName}, its former name`);
  return readFlag(name, value, fallback);
};

/**
 * One of `choices`, spelled exactly.
 * @throws SettingsError
 */
export const readChoice = <Choice extends string>(name: string, value: unknown, choices: readonly Choice[]): Choice => {
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw new SettingsError(name);
  return found;
};

/**
 * The origin of CAPTURE_URL: https, without path, query, user-info. Plain http is accepted only for loopback names (RFC 6761
 * section 6.3 reserves `localhost` and everything below it): browsers send those to the user's own machine, so no network
 * can read the token on its way, and such a setting in a real tenant reaches nobody else.
 * @throws SettingsError
 */
export const readOrigin = (name: string, value: string | undefined): string => {
  try {
    const url = new URL(value ?? '');
    const isLoopback = url.hostname === 'localhost' || url.hostname.endsWith('.localhost');
    const isPlain =
      url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '' && url.password === '';
    if (isPlain && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback))) return url.origin;
  } catch {
    // Falls through: not a URL.
  }
  throw new SettingsError(name);
};

/**
 * Whole seconds from 0 to 30 days; 0 if the setting is blank.
 * @throws SettingsError
 */
export const readSeconds = (name: string, value: unknown): number => {
  if (value === undefined || value === '') return 0;
  const seconds = typeof value === 'string' && /^\d{1,8}$/.test(value) ? Number(value) : Number.NaN;
  if (!(seconds <= MAX_FRESHNESS_SECONDS)) throw new SettingsError(name);
  return seconds;
};

/** Auth0 silently drops claims below these hosts (Auth0 docs, "Create custom claims"). */
const RESERVED_NAMESPACE = /(^|\.)(auth0\.com|webtask\.io|webtask\.run)$/;

/**
 * An http(s) URL that ends in a slash, outside Auth0's own hosts.
 * @throws SettingsError
 */
export const readNamespace = (name: string, value: string | undefined): string => {
  if (value === undefined || value === '') return DEFAULT_CLAIM_NAMESPACE;
  const isUsable =
    /^https?:\/\/[^\s]{1,200}\/$/.test(value) &&
    URL.canParse(value) &&
    !RESERVED_NAMESPACE.test(new URL(value).hostname);
  if (!isUsable) throw new SettingsError(name);
  return value;
};

/**
 * Comma-separated entries; surrounding blanks are removed. Null if the setting is blank.
 * @throws SettingsError if an entry is empty or of another form
 */
export const readList = (name: string, value: string | undefined, entry: RegExp): readonly string[] | null => {
  if (value === undefined || value === '') return null;
  const entries = value.split(',').map((text) => text.trim());
  if (entries.some((text) => !entry.test(text))) throw new SettingsError(name);
  return entries;
};
