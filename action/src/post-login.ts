import { randomUUID } from 'node:crypto';
import { AMR_CLAIM, AMR_VALUE, EVENT_CLAIM, FACE_AT_CLAIM, methodUrl } from '../../contract/protocol/claims.ts';
import { DENY_CODE_OF, type DenyCode } from '../../contract/protocol/outcomes.ts';
import { supportIdOf } from '../../contract/protocol/support-id.ts';
import { acceptResult, BadResult } from './accept-result.ts';
import type { PostLoginApi, PostLoginEvent } from './auth0-types.ts';
import { decide, faceAtMetadata } from './decide.ts';
import { denyText } from './deny.ts';
import { sendToCapture } from './send-to-capture.ts';
import { readSettings, type Settings, SettingsError } from './settings.ts';
import { settingsOfApp } from './settings-of-app.ts';

/** A face check that counts for this login. `event`: what happened in it, null if an earlier one is still good. */
interface Face {
  readonly at: number;
  readonly event: 'verified' | 'enrolled' | null;
}

type Deny = (code: DenyCode, reason: string, until?: number | null) => void;

const nowSeconds = (): number => Math.floor(Date.now() / 1000);

/** Refuses the login. The log line names code, check and support id: nothing of the person, nothing of the token. */
const denier =
  (api: PostLoginApi, supportId: string): Deny =>
  (code, reason, until = null) => {
    console.log(`verified ${code} ${supportId} ${reason}`);
    api.access.deny(denyText(code, supportId, until));
  };

/**
 * Our claims in both tokens. Auth0 has no call that removes a claim, and one set to `undefined` is lost on its way out of the
 * Action; `null` surely overwrites what an earlier Action wrote under our names.
 */
const setClaims = (api: PostLoginApi, namespace: string, face: Face | null): void => {
  const claims = {
    [AMR_CLAIM]: face === null ? null : AMR_VALUE,
    [FACE_AT_CLAIM]: face?.at ?? null,
    [EVENT_CLAIM]: face?.event ?? null,
  };
  for (const [name, value] of Object.entries(claims)) {
    api.idToken.setCustomClaim(`${namespace}${name}`, value);
    api.accessToken.setCustomClaim(`${namespace}${name}`, value);
  }
};

/** Lets later refreshes say when the face was checked. Without it they carry no claim, which is safe: so no login fails here. */
const rememberForRefreshes = (api: PostLoginApi, settings: Settings, faceAt: number): void => {
  try {
    api.refreshToken?.setMetadata?.(faceAtMetadata(settings.integrationId), String(faceAt));
  } catch {
    console.log('verified refresh token metadata is full or not available');
  }
};

/**
 * Runs one handler so that whatever goes wrong ends in a denial, never in a login without the factor. Only if denying itself
 * fails is the error left to Auth0, which ends the login as well.
 */
const failClosed = (event: PostLoginEvent, api: PostLoginApi, run: (settings: Settings, deny: Deny) => void): void => {
  const supportId = supportIdOf(event.transaction?.id ?? randomUUID());
  const deny = denier(api, supportId);
  try {
    const settings = settingsOfApp(readSettings(event), event);
    if (settings.debug) {
      console.log(`verified debug ${supportId} ${String(event.transaction?.protocol).slice(0, 64)} ${settings.mode}`);
    }
    setClaims(api, settings.claimNamespace, null);
    run(settings, deny);
  } catch (error) {
    // Of errors that are not ours the text may hold anything, so it stays out of the log.
    const isOurs = error instanceof BadResult || error instanceof SettingsError;
    deny(error instanceof BadResult ? error.code : 'face_configuration', isOurs ? error.message : 'unexpected error');
  }
};

/** Decides whether this login needs a face, and sends the browser to the hosted page if so. */
export const onExecutePostLogin = async (event: PostLoginEvent, api: PostLoginApi): Promise<void> => {
  failClosed(event, api, (settings, deny) => {
    const decision = decide(event, settings, nowSeconds());
    if (decision.kind === 'deny') return deny(decision.code, decision.reason);
    if (decision.kind === 'challenge') return sendToCapture(event, api, settings);
    if (decision.faceAt === null) return;
    setClaims(api, settings.claimNamespace, { at: decision.faceAt, event: null });
    rememberForRefreshes(api, settings, decision.faceAt);
  });
};

/** Takes the hosted page's signed answer and lets the login go on, or denies it with a stable code. */
export const onContinuePostLogin = async (event: PostLoginEvent, api: PostLoginApi): Promise<void> => {
  failClosed(event, api, (settings, deny) => {
    const result = acceptResult(event, api, settings, nowSeconds());
    if (!('faceAt' in result)) return deny(DENY_CODE_OF[result.outcome], result.outcome, result.until);
    setClaims(api, settings.claimNamespace, { at: result.faceAt, event: result.outcome });
    rememberForRefreshes(api, settings, result.faceAt);
    // Last: a record outlives this login, and later ones may rest on it.
    api.authentication.recordMethod(methodUrl(settings.integrationId));
  });
};
