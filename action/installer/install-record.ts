import { createHash } from 'node:crypto';
import { ACTION_SETTINGS, type SettingValues } from './action-settings.ts';

/**
 * What the installer wrote last, kept as the last line of the Action's code: Auth0 never returns the values of secrets and
 * replaces them only all together, so this is the only way to change one setting without asking for all of them, and to
 * detect that nothing has changed.
 */
export interface InstallRecord {
  /** Every non-secret setting. */
  readonly settings: SettingValues;
  /** Fingerprint of each secret by name. */
  readonly secrets: Readonly<Record<string, string>>;
}

const MARK = '// Installed by "verified auth0": ';
const BANNER = /^\/\/ Verified face factor (\S+), source ([0-9a-f]{16}), code ([0-9a-f]{16})\./;

/**
 * 16 hex characters that distinguish two Session Secrets. A secret is 256 random bits, so nothing about it can be guessed from
 * them; the Integration Id is included so that the same secret has another fingerprint elsewhere.
 */
export const secretFingerprint = (integrationId: string, secret: string): string =>
  createHash('sha256').update(`verified/installer/v1\n${integrationId}\n${secret}`).digest('hex').slice(0, 16);

/** Splits full settings into those that may be readable in the tenant and fingerprints of the rest. */
export const recordOf = (values: SettingValues): InstallRecord => {
  const isSecret = (name: string) => ACTION_SETTINGS.some((setting) => setting.name === name && setting.isSecret);
  const entries = Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
  const id = values['INTEGRATION_ID'] ?? '';
  return {
    settings: Object.fromEntries(entries.filter(([name]) => !isSecret(name))),
    secrets: Object.fromEntries(
      entries.filter(([name]) => isSecret(name)).map(([name, value]) => [name, secretFingerprint(id, value)]),
    ),
  };
};

/** ASCII only: U+2028 would end a comment line, and what follows it would be code. */
const escapeAll = (json: string): string =>
  json.replace(/[^\x20-\x7e]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** The code to upload: the built Action and one comment line that records how it was installed. */
export const withRecord = (code: string, record: InstallRecord): string =>
  `${code.endsWith('\n') ? code : `${code}\n`}${MARK}${escapeAll(JSON.stringify(record))}\n`;

const isTextMap = (value: unknown): value is Record<string, string> =>
  typeof value === 'object' && value !== null && Object.values(value).every((entry) => typeof entry === 'string');

const parseRecord = (json: string): InstallRecord | null => {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value !== 'object' || value === null) return null;
    const { settings, secrets } = value as { settings?: unknown; secrets?: unknown };
    return isTextMap(settings) && isTextMap(secrets) ? { settings, secrets } : null;
  } catch {
    return null;
  }
};

/** Code found in a tenant, parsed; members are null if it is not Verified's or was written by hand. */
export interface InstalledCode {
  /** Name, version and source hash of the first line. */
  readonly version: string | null;
  readonly sourceHash: string | null;
  /** False if anything between first and last line was changed by hand. */
  readonly isIntact: boolean;
  readonly record: InstallRecord | null;
}

const bannerHash = (body: string): string =>
  createHash('sha256')
    .update(body.slice(body.indexOf('\n') + 1))
    .digest('hex')
    .slice(0, 16);

/** Line ends and the end of the text do not count as changes: forms and editors alter them. */
const normalise = (code: string): string => `${code.replaceAll('\r\n', '\n').trimEnd()}\n`;

/** True if both are the same code, apart from line ends. */
export const isSameCode = (a: string, b: string): boolean => normalise(a) === normalise(b);

/** Reads the first and the last line of an Action's code. A tenant may contain anything; this never throws. */
export const readInstalledCode = (text: string): InstalledCode => {
  const code = normalise(text);
  const [, version = null, sourceHash = null, codeHash = null] = BANNER.exec(code) ?? [];
  const markAt = code.lastIndexOf(`\n${MARK}`);
  const body = markAt < 0 ? code : code.slice(0, markAt + 1);
  const record = markAt < 0 ? null : parseRecord(code.slice(markAt + 1 + MARK.length));
  // Anything appended after the record makes it unreadable, so that it counts as changed by hand too.
  const isIntact = codeHash !== null && bannerHash(body) === codeHash && (markAt < 0 || record !== null);
  return { version, sourceHash, isIntact, record };
};
