import { SignJWT } from 'jose';
import type { SessionKeys } from '../../contract/protocol/derive-keys.ts';
import { addSeconds, type EpochSeconds } from '../../contract/protocol/epoch-seconds.ts';
import { sessionAudience } from '../../contract/protocol/session-token.ts';
import { type CompleteCheckPorts, completeCheck } from '../../lambdas/core/face-check/complete-check.ts';
import { startLiveness } from '../../lambdas/core/face-check/start-liveness.ts';
import { endSession } from '../../lambdas/core/login/end-session.ts';
import { type OpenSessionPorts, openSession } from '../../lambdas/core/login/open-session.ts';
import { type ReturnResultPorts, returnResult } from '../../lambdas/core/login/return-result.ts';
import type { PlannedLogin } from './login-plan.ts';
import { ScriptedEngine } from './scripted-engine.ts';

export interface DemoIntegration {
  readonly integrationId: string;
  readonly keys: SessionKeys;
  /** Auth0 domain of its logins. */
  readonly domain: string;
  readonly consentVersion: string;
  readonly sessionTimeoutSeconds: number;
}

/** The service's own ports; clock and engine are the login's. */
export type DemoPorts = Omit<
  OpenSessionPorts & ReturnResultPorts & CompleteCheckPorts,
  'clock' | 'faces' | 'engine' | 'pause'
>;

const CHECK_SECONDS = 7;
const NO_CREDENTIALS = { accessKeyId: 'demo', secretAccessKey: 'demo', sessionToken: 'demo' } as const;

const signedToken = (one: DemoIntegration, login: PlannedLogin, id: string): Promise<string> =>
  new SignJWT({
    iss: one.domain,
    sub: login.externalId,
    iat: login.at,
    exp: addSeconds(login.at, 300),
    ip: '203.0.113.7',
    v: 1,
    use: 'session',
    aud: sessionAudience(one.integrationId),
    jti: id,
    tx: id,
    cid: login.app,
    mode: login.mode,
    purpose: 'mfa',
    facts: { emailVerified: true, otherFactors: false },
    app: login.app,
  })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .sign(new TextEncoder().encode(one.keys.request));

/** Plays one login through the service's own rules, from start to end, with a clock set to the plan's times. */
export const playLogin = async (
  ports: DemoPorts,
  one: DemoIntegration,
  login: PlannedLogin,
  { id, photo }: { readonly id: string; readonly photo: Uint8Array },
): Promise<void> => {
  let now: EpochSeconds = login.at;
  const clock = (): EpochSeconds => now;
  const faces = new ScriptedEngine(login.scenes, photo);
  const streamCredentials = {
    region: 'us-east-1',
    issue: async (_name: string, until: EpochSeconds) => ({ ...NO_CREDENTIALS, expiresAt: until }),
  };
  // One login after the other: nothing waits for anything else.
  const pause = async () => {};
  const here = { ...ports, clock, pause, faces, engine: faces.engine, streamCredentials };
  const opened = await openSession(here)({
    integrationId: one.integrationId,
    token: await signedToken(one, login, id),
    authState: id,
    callerIp: '203.0.113.7',
    heldCredential: () => null,
  });
  if (opened.kind !== 'opened') throw new Error(`a planned login was ${opened.kind}`);
  const { session, credential } = opened;
  now = addSeconds(now, login.paceSeconds);
  if (session.outcome !== null) return;
  if (login.leaves === 'expired') {
    now = addSeconds(login.at, one.sessionTimeoutSeconds);
    await returnResult(here)(credential);
  } else if (login.leaves !== null) {
    await endSession(here)(credential, login.leaves);
  }
  for (const _scene of login.scenes) {
    const consent = session.consentNeeded ? { consent: { version: one.consentVersion, locale: 'en' } } : {};
    const started = await startLiveness(here, session.task)(credential, consent);
    if (started.state === 'finished') return;
    now = addSeconds(now, CHECK_SECONDS);
    const { state } = await completeCheck(here, session.task)(credential, started.attempt);
    if (state === 'finished') return;
    now = addSeconds(now, 3);
  }
};
