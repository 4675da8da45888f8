import { randomUUID } from 'node:crypto';
import { methodUrl } from '../../contract/protocol/claims.ts';
import { DENY_CODE_OF, type DenyCode } from '../../contract/protocol/outcomes.ts';
import { supportIdOf } from '../../contract/protocol/support-id.ts';
import { acceptResult, BadResult } from './accept-result.ts';
import type { PostLoginApi, PostLoginEvent } from './auth0-types.ts';
import { type Decision, decide, faceAtMetadata } from './decide.ts';
import { denyText } from './deny.ts';
import { answersForClaims, type Face, setFaceClaims, vouchForClaims } from './face-claims.ts';
import { bypassOf, markEnrolled } from './person-marks.ts';
import { SettingsError } from './read-setting.ts';
import { sendToCapture } from './send-to-capture.ts';
import { readSettings } from './settings.ts';
import { type LoginSettings, settingsOfLogin } from './settings-of-login.ts';

/** One run of one handler. */
interface Run {
  readonly event: PostLoginEvent;
  readonly api: PostLoginApi;
  readonly settings: LoginSettings;
  /** Epoch seconds. */
  readonly now: number;
  /** Writes `verified <code> <support id> <detail>`: nothing about the user, nothing of the token. */
  readonly log: (code: string, detail: string) => void;
  readonly deny: Deny;
}

type Deny = (code: DenyCode, reason: string, until?: number | null) => void;

/**
 * Runs one handler so that every failure ends in a denial, never in a login without the factor. Only if denying itself
 * fails is the error left to Auth0, which ends the login too.
 */
const failClosed = (event: PostLoginEvent, api: PostLoginApi, run: (run: Run) => void): void => {
  const supportId = supportIdOf(event.transaction?.id ?? randomUUID());
  const log = (code: string, detail: string): void => console.log(`verified ${code} ${supportId} ${detail}`);
  const deny: Deny = (code, reason, until = null) => {
    log(code, reason);
    api.access.deny(denyText(code, supportId, until));
  };
  try {
    const settings = settingsOfLogin(readSettings(event), event);
    run({ event, api, settings, now: Math.floor(Date.now() / 1000), log, deny });
  } catch (error) {
    // The message of any other error may contain anything, so it is not logged.
    const isOurs = error instanceof BadResult || error instanceof SettingsError;
    deny(error instanceof BadResult ? error.code : 'face_configuration', isOurs ? error.message : 'unexpected error');
  }
};

/** Overwrites claims that other Actions wrote under the same names. */
const clearClaims = ({ event, api, settings }: Run): void => setFaceClaims(event, api, settings.claimNamespace, null);

/** Lets later refreshes say when the face was checked. Without it they carry no claim, which is safe, so no login fails here. */
const rememberForRefreshes = ({ api, settings }: Run, faceAt: number): void => {
  try {
    api.refreshToken?.setMetadata?.(faceAtMetadata(settings.integrationId), String(faceAt));
  } catch {
    console.log('verified refresh token metadata is full or not available');
  }
};

/** If the tenant's MFA cannot be skipped, the user passes it as well, which is safe, so no login fails here either. */
const skipTenantMfa = ({ api, settings, event }: Run): void => {
  // A refresh has no MFA.
  if (!settings.skipTenantMfa || event.refresh_token !== undefined) return;
  try {
    api.multifactor?.enable?.('none');
  } catch {
    console.log('verified tenant MFA could not be skipped');
  }
};

/** Lets the login continue with a face check that counts. */
const passWith = (run: Run, face: Face): void => {
  setFaceClaims(run.event, run.api, run.settings.claimNamespace, face);
  vouchForClaims(run.api, run.settings);
  rememberForRefreshes(run, face.at);
  skipTenantMfa(run);
};

const debugExecute = ({ event, settings, log }: Run, { kind }: Decision): void => {
  if (!settings.debug) return;
  const protocol = String(event.transaction?.protocol).replace(/[^\w-]/g, '?');
  log('debug', `${protocol.slice(0, 64)} ${settings.mode} ${kind}`);
};

/** Decides whether this login needs a face check, and if so sends the browser to the hosted page. */
export const onExecutePostLogin = async (event: PostLoginEvent, api: PostLoginApi): Promise<void> => {
  failClosed(event, api, (run) => {
    const { settings, now, log, deny } = run;
    if (answersForClaims(event, settings)) clearClaims(run);
    const decision = decide(event, settings, now);
    debugExecute(run, decision);
    if (decision.kind !== 'pass' && bypassOf(event, settings, now) === 'unusable') {
      log('bypass_unusable', 'no time within the next 7 days');
    }
    if (decision.kind === 'deny') return deny(decision.code, decision.reason);
    if (decision.kind === 'challenge') return sendToCapture(event, api, settings);
    if (decision.isBypassed) return log('bypass', 'let in without a face by an admin');
    if (decision.faceAt !== null) passWith(run, { at: decision.faceAt, event: null });
  });
};

/** Accepts the hosted page's signed answer and lets the login continue, or denies it with a stable code. */
export const onContinuePostLogin = async (event: PostLoginEvent, api: PostLoginApi): Promise<void> => {
  failClosed(event, api, (run) => {
    const { settings, now, log, deny } = run;
    // Whatever the settings are by now: this Action sent the user to the face check, so it is responsible for the result.
    clearClaims(run);
    const result = acceptResult(event, api, settings, now);
    if (settings.debug) log('debug', `continue ${result.outcome}`);
    if (!('faceAt' in result)) return deny(DENY_CODE_OF[result.outcome], result.outcome, result.until);
    markEnrolled(event, api, settings, result.faceAt);
    passWith(run, { at: result.faceAt, event: result.outcome });
    // Last: the record outlives this login, and later ones may rely on it.
    api.authentication.recordMethod(methodUrl(settings.integrationId));
  });
};
