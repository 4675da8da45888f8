import { isIntegrationId, isSessionSecret } from '../../contract/protocol/derive-keys.ts';
import type { ChallengeMode } from '../../contract/protocol/session-token.ts';
import type { PostLoginEvent } from './auth0-types.ts';
import {
  readChoice,
  readFlag,
  readList,
  readNamespace,
  readOrigin,
  readRenamedFlag,
  readSeconds,
  SettingsError,
} from './read-setting.ts';

/** The admin's settings, checked and with defaults filled in; `action/README.md` describes each one. */
export interface Settings {
  readonly integrationId: string;
  /** The current secret, then the previous one during a rotation. */
  readonly sessionSecrets: readonly [string, ...string[]];
  /** Origin of the hosted page. */
  readonly captureOrigin: string;
  /** `off`: the Action does nothing; only an application can have this mode. */
  readonly mode: ChallengeMode | 'off';
  /** How long a face check in this browser session is fresh enough for mode `always`; 0: never. */
  readonly freshnessSeconds: number;
  /** The same if the application requested the face check. */
  readonly stepUpFreshnessSeconds: number;
  readonly claimNamespace: string;
  /** False: users who never had a face check pass mode `always` until an application requests one. */
  readonly enrollAtLogin: boolean;
  /** Client IDs. */
  readonly clients: Selection;
  /** Ids or names. */
  readonly organizations: Selection;
  /** Names. */
  readonly roles: Selection;
  /** Logins that are known to have no browser (password grant, token exchange …) pass, without the claim. */
  readonly allowWithoutBrowser: boolean;
  /** Refresh tokens whose login never had a face check are refused. */
  readonly strictRefresh: boolean;
  /** After a face check the tenant's own second factor is skipped. */
  readonly skipTenantMfa: boolean;
  /** An admin may let one user in without a face check for a time, by app_metadata. */
  readonly allowBypass: boolean;
  /** Logs one line per run in addition to the denials. */
  readonly debug: boolean;
}

/** Which applications, organizations or roles are selected. `except` wins. */
export interface Selection {
  /** Null: all. */
  readonly only: readonly string[] | null;
  readonly except: readonly string[];
}

/** The only setting with a former name. */
export const ENROLL_AT_LOGIN = { name: 'ENROLL_AT_LOGIN', formerName: 'ENROL_AT_LOGIN' } as const;

/** A Client ID: printable ASCII (RFC 6749 appendix A.1) without blank and comma. */
const CLIENT_ID = /^[\x21-\x2b\x2d-\x7e]{1,128}$/;
/** An id such as `org_…`, or the name in URLs (Auth0 docs, "Create organizations"). */
const ORGANIZATION = /^[A-Za-z0-9_-]{1,64}$/;
/** A role's name is free text; one with a comma cannot be listed. */
const ROLE = /^[^\p{Cc},]{1,128}$/u;

const readText = (event: PostLoginEvent, name: string): string | undefined => {
  const value: unknown = event.configuration?.[name] ?? event.secrets?.[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw new SettingsError(name);
  return value.trim();
};

type Read = (name: string) => string | undefined;

const readSelection = (read: Read, things: string, entry: RegExp): Selection => {
  const list = (name: string) => readList(name, read(name), entry);
  return { only: list(`ONLY_${things}`), except: list(`EXCEPT_${things}`) ?? [] };
};

const readConnection = (read: Read) => {
  const integrationId = read('INTEGRATION_ID');
  const secret = read('SESSION_SECRET');
  const previous = read('SESSION_SECRET_PREVIOUS');
  if (!isIntegrationId(integrationId)) throw new SettingsError('INTEGRATION_ID');
  if (!isSessionSecret(secret)) throw new SettingsError('SESSION_SECRET');
  if (previous && !isSessionSecret(previous)) throw new SettingsError('SESSION_SECRET_PREVIOUS');
  const sessionSecrets: readonly [string, ...string[]] = previous ? [secret, previous] : [secret];
  return { integrationId, sessionSecrets, captureOrigin: readOrigin('CAPTURE_URL', read('CAPTURE_URL')) };
};

/**
 * Reads the settings of the whole tenant: `event.configuration` of a Marketplace installation, else `event.secrets`.
 * @throws SettingsError naming the first setting that is missing or malformed
 */
export const readSettings = (event: PostLoginEvent): Settings => {
  const read: Read = (name) => readText(event, name);
  const flag = (name: string, fallback = false): boolean => readFlag(name, read(name), fallback);
  return {
    ...readConnection(read),
    mode: readChoice('MODE', read('MODE') || 'always', ['always', 'on-demand'] as const),
    freshnessSeconds: readSeconds('FRESHNESS_SECONDS', read('FRESHNESS_SECONDS')),
    stepUpFreshnessSeconds: readSeconds('STEP_UP_FRESHNESS_SECONDS', read('STEP_UP_FRESHNESS_SECONDS')),
    claimNamespace: readNamespace('CLAIM_NAMESPACE', read('CLAIM_NAMESPACE')),
    enrollAtLogin: readRenamedFlag(ENROLL_AT_LOGIN, read, true),
    clients: readSelection(read, 'CLIENTS', CLIENT_ID),
    organizations: readSelection(read, 'ORGANIZATIONS', ORGANIZATION),
    roles: readSelection(read, 'ROLES', ROLE),
    allowWithoutBrowser: flag('ALLOW_WITHOUT_BROWSER'),
    strictRefresh: flag('STRICT_REFRESH'),
    skipTenantMfa: flag('SKIP_TENANT_MFA'),
    allowBypass: flag('ALLOW_BYPASS'),
    debug: flag('DEBUG'),
  };
};
