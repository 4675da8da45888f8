import { randomUUID } from 'node:crypto';
import {
  AMR_CLAIM,
  AMR_VALUE,
  DEFAULT_CLAIM_NAMESPACE,
  EVENT_CLAIM,
  FACE_AT_CLAIM,
  methodUrl,
} from '../../contract/protocol/claims.ts';
import { DENY_CODE_OF, type DenyCode } from '../../contract/protocol/outcomes.ts';
import { supportIdOf } from '../../contract/protocol/support-id.ts';
import { acceptResult } from './accept-result.ts';
import type { PostLoginApi, PostLoginEvent } from './auth0-types.ts';
import { decide, FACE_AT_METADATA } from './decide.ts';
import { denyText } from './deny.ts';
import { sendToCapture } from './send-to-capture.ts';
import { readSettings, type Settings } from './settings.ts';

const nowSeconds = (): number => Math.floor(Date.now() / 1000);

const supportIdFor = (event: PostLoginEvent): string => supportIdOf(event.transaction?.id ?? randomUUID());

const deny = (
  event: PostLoginEvent,
  api: PostLoginApi,
  code: DenyCode,
  reason: string,
  until: number | null = null,
): void => {
  const supportId = supportIdFor(event);
  console.log(`verified ${code} ${reason} ${supportId}`);
  api.access.deny(denyText(code, supportId, until));
};

/** Our claims in both tokens; null takes away what an earlier Action may have written under the same names. */
const setClaims = (api: PostLoginApi, namespace: string, face: { at: number; event: string | null } | null): void => {
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

/** Runs one handler so that whatever goes wrong ends in a denial: never in a login without the factor. */
const failClosed = (event: PostLoginEvent, api: PostLoginApi, run: (settings: Settings) => void): void => {
  let namespace = DEFAULT_CLAIM_NAMESPACE;
  try {
    setClaims(api, namespace, null);
    const settings = readSettings(event);
    namespace = settings.claimNamespace;
    setClaims(api, namespace, null);
    if (settings.debug) console.log(`verified debug ${event.transaction?.protocol ?? 'none'} ${supportIdFor(event)}`);
    run(settings);
  } catch (error) {
    // The names of our own errors' checks; of foreign errors the class alone.
    const isOurs = error instanceof Error && ['SettingsError', 'BadResult'].includes(error.name);
    deny(event, api, 'face_configuration', isOurs ? error.message : 'unexpected error');
  }
};

/** Decides whether this login needs a face, and sends the browser to the hosted page if so. */
export const onExecutePostLogin = async (event: PostLoginEvent, api: PostLoginApi): Promise<void> => {
  failClosed(event, api, (settings) => {
    const decision = decide(event, settings, nowSeconds());
    switch (decision.kind) {
      case 'deny':
        return deny(event, api, decision.code, 'no browser');
      case 'challenge':
        return sendToCapture(event, api, settings);
      case 'pass':
        if (decision.faceAt === null) return;
        return setClaims(api, settings.claimNamespace, { at: decision.faceAt, event: 'verified' });
    }
  });
};

/** Takes the hosted page's signed answer and lets the login go on, or denies it with a stable code. */
export const onContinuePostLogin = async (event: PostLoginEvent, api: PostLoginApi): Promise<void> => {
  failClosed(event, api, (settings) => {
    const result = acceptResult(event, api, settings, nowSeconds());
    if (result.outcome !== 'verified' && result.outcome !== 'enrolled') {
      return deny(event, api, DENY_CODE_OF[result.outcome], result.outcome, result.until);
    }
    if (result.faceAt === null) return deny(event, api, 'face_configuration', 'no time');
    api.authentication.recordMethod(methodUrl(settings.integrationId));
    api.refreshToken?.setMetadata?.(FACE_AT_METADATA, String(result.faceAt));
    setClaims(api, settings.claimNamespace, { at: result.faceAt, event: result.outcome });
  });
};
