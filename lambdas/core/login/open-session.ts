import { randomUUID } from 'node:crypto';
import { isIntegrationId, type SessionKeys } from '../../../contract/protocol/derive-keys.ts';
import { addSeconds, type EpochSeconds, epochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import type { Outcome } from '../../../contract/protocol/outcomes.ts';
import { openPii, type Pii } from '../../../contract/protocol/seal-pii.ts';
import { STATE_MAX_LENGTH } from '../../../contract/protocol/session-token.ts';
import { supportIdOf } from '../../../contract/protocol/support-id.ts';
import { type EnrollmentPermission, enrollmentPermission } from '../model/enrollment-permission.ts';
import {
  type Integration,
  type Integrations,
  type KeyGeneration,
  type KeyVault,
  liveGenerations,
} from '../model/integration.ts';
import { lockedUntil } from '../model/lockout.ts';
import { sessionOpening } from '../model/login-end.ts';
import { maskAccount } from '../model/mask-account.ts';
import { isOtherNetwork } from '../model/other-network.ts';
import type { Clock, RandomToken } from '../model/ports.ts';
import { hashSecret, ownsSession, type Session, type SessionCredential, sessionHandle } from '../model/session.ts';
import type { Sessions } from '../model/sessions.ts';
import { type User, type Users, withinRetention } from '../model/user.ts';
import {
  BadSessionToken,
  peekSubject,
  type SessionTokenClaims,
  verifySessionToken,
} from '../model/verify-session-token.ts';
import type { SecretUses } from './secret-uses.ts';
import { acceptedContact, refusedContact, type TenantContacts } from './tenant-contact.ts';

export interface OpenSessionPorts {
  readonly integrations: Integrations;
  readonly users: Users;
  readonly sessions: Sessions;
  readonly tenantContacts: TenantContacts;
  readonly secretUses: SecretUses;
  readonly keyVault: KeyVault;
  readonly clock: Clock;
  readonly randomToken: RandomToken;
  /** The engine that references are currently created for. */
  readonly engine: string;
}

export interface OpenSessionRequest {
  readonly integrationId: string;
  readonly token: string;
  /** Auth0's state; not covered by the token's signature, so it is bound to the session here. */
  readonly authState: string;
  readonly callerIp: string;
  /** The credential that the browser holds for a handle, if any. */
  readonly heldCredential: (handle: string) => SessionCredential | null;
}

export type OpenSessionResult =
  | {
      readonly kind: 'opened';
      readonly session: Session;
      readonly handle: string;
      readonly credential: SessionCredential;
    }
  | { readonly kind: 'resumed'; readonly session: Session; readonly handle: string }
  /** One answer for every bad link, whatever is wrong with it. */
  | { readonly kind: 'bad-link'; readonly reason: string; readonly supportId: string }
  | { readonly kind: 'already-used'; readonly supportId: string };

interface Verified {
  readonly integration: Integration;
  readonly claims: SessionTokenClaims;
  readonly generation: KeyGeneration;
  readonly keys: SessionKeys;
}

interface Opening extends Verified {
  readonly pii: Pii | null;
}

/** Fixed keys for unknown integrations, so that they take the same signature check as known ones. */
const DUMMY_KEYS: SessionKeys = { request: '0'.repeat(64), result: '0'.repeat(64), pii: '0'.repeat(64) };

const isAuthState = (state: string): boolean => /^[\x21-\x7e]+$/.test(state) && state.length <= STATE_MAX_LENGTH;

const verify = async (
  ports: OpenSessionPorts,
  request: OpenSessionRequest,
  integration: Integration | null,
  now: EpochSeconds,
): Promise<Verified> => {
  const generations = integration === null ? [] : liveGenerations(integration, now);
  const keys = await Promise.all(generations.map((key) => ports.keyVault.open(request.integrationId, key)));
  const { claims, keyIndex } = await verifySessionToken(request.token, {
    integrationId: request.integrationId,
    domains: integration?.domains ?? [],
    keys: keys.length > 0 ? keys : [DUMMY_KEYS],
    now,
  });
  const [generation, key] = [generations[keyIndex], keys[keyIndex]];
  if (integration === null || generation === undefined || key === undefined) throw new BadSessionToken('integration');
  if (!isAuthState(request.authState)) throw new BadSessionToken('state');
  return { integration, claims, generation, keys: key };
};

/** A link by e-mail is sent to a verified address only: an unverified one may be the attacker's. */
const canSendLink = ({ claims, pii }: Opening): boolean => pii?.email !== undefined && claims.facts.emailVerified;

const flowOf = (integration: Integration, user: User | null) =>
  user?.reference == null ? integration.enrollmentFlow : integration.verificationFlow;

const handoffBy = (integration: Integration, user: User | null): Session['handoffBy'] => {
  if (flowOf(integration, user) === 'email') return 'email';
  return integration.phoneHandoff ? 'qr' : null;
};

/** The outcome that is known before any camera opens, or null if the user may try. */
const outcomeAtOpening = (
  ports: OpenSessionPorts,
  opening: Opening,
  user: User | null,
  permission: EnrollmentPermission | null,
  now: EpochSeconds,
): Outcome | null => {
  const { integration } = opening;
  if (!integration.enabled || user?.disabled != null) return 'disabled';
  if (lockedUntil(user, integration.lockout, now) !== null) return 'locked';
  if (user?.reference != null && user.reference.engine !== ports.engine) return 'not_enrolled';
  if (user?.reference == null && permission === null) return 'not_enrolled';
  return flowOf(integration, user) === 'email' && !canSendLink(opening) ? 'unavailable' : null;
};

/** A login that enrolls lasts no longer than its enrollment permission (T27). */
const endOf = (integration: Integration, permission: EnrollmentPermission | null, now: EpochSeconds): EpochSeconds => {
  const timeout = addSeconds(now, integration.sessionTimeoutSeconds);
  return epochSeconds(Math.min(permission?.endsAt ?? timeout, timeout));
};

const piiOf = ({ claims, keys }: Verified): Pii | null => {
  if (claims.pii === undefined) return null;
  try {
    return openPii(claims.pii, keys.pii, claims.jti);
  } catch {
    throw new BadSessionToken('pii');
  }
};

const newSession = (
  ports: OpenSessionPorts,
  request: OpenSessionRequest,
  opening: Opening,
  user: User | null,
  secret: string,
  now: EpochSeconds,
): Session => {
  const { claims, integration, generation, pii } = opening;
  const permission = user?.reference == null ? enrollmentPermission(integration, claims.facts, user, now) : null;
  const outcome = outcomeAtOpening(ports, opening, user, permission, now);
  return {
    integrationId: integration.integrationId,
    jti: claims.jti,
    supportId: supportIdOf(claims.tx),
    state: outcome === null ? 'open' : 'finished',
    tx: claims.tx,
    externalId: claims.sub,
    iss: claims.iss,
    authState: request.authState,
    cid: claims.cid,
    mode: claims.mode,
    purpose: claims.purpose,
    app: claims.app ?? null,
    account: pii === null ? null : maskAccount(pii),
    sealedPii: claims.pii ?? null,
    keyGeneration: generation.generation,
    cookieHash: hashSecret(secret),
    task: user?.reference == null ? 'enroll' : 'verify',
    challenge: integration.challenge,
    isInvited: permission?.isInvited ?? false,
    userVersion: user?.version ?? 0,
    reference: outcome === null ? (user?.reference ?? null) : null,
    consentNeeded: user?.reference == null || user.consent?.version !== integration.consent.version,
    consent: null,
    otherNetwork: isOtherNetwork(claims.ip, request.callerIp),
    callerIp: request.callerIp,
    handoffBy: handoffBy(integration, user),
    handoff: null,
    maxAttempts: integration.attemptsPerSession,
    attempt: null,
    verdicts: [],
    openedAt: now,
    expiresAt: endOf(integration, permission, now),
    outcome,
    finishedAt: outcome === null ? null : now,
    lockedUntil: outcome === 'locked' ? lockedUntil(user, integration.lockout, now) : null,
    provenReferenceId: null,
    resultJti: ports.randomToken(),
    handedOverAt: null,
  };
};

const resume = (request: OpenSessionRequest, existing: Session): OpenSessionResult => {
  const handle = sessionHandle(existing.integrationId, existing.jti);
  const held = request.heldCredential(handle);
  const isOwn =
    held !== null &&
    held.integrationId === existing.integrationId &&
    held.jti === existing.jti &&
    ownsSession(existing, held.secret);
  return isOwn
    ? { kind: 'resumed', session: existing, handle }
    : { kind: 'already-used', supportId: existing.supportId };
};

/**
 * Opens the capture session that a session token asks for: checks the token, claims its `jti` with one conditional write and binds the
 * session to a fresh cookie. The same token again resumes in the same browser and is refused in any other. Two round trips to the
 * store: integration and user concurrently, then the writes. Of a bad link only the fact that there was one is stored.
 */
export const openSession =
  (ports: OpenSessionPorts) =>
  async (request: OpenSessionRequest): Promise<OpenSessionResult> => {
    const now = ports.clock();
    const subject = peekSubject(request.token);
    const { integrationId } = request;
    if (!isIntegrationId(integrationId) || subject === null) {
      return { kind: 'bad-link', reason: 'form', supportId: supportIdOf(randomUUID()) };
    }
    const [integration, row] = await Promise.all([
      ports.integrations.read(integrationId),
      ports.users.read(integrationId, subject),
    ]);
    const user = withinRetention(row, now);
    try {
      const verified = await verify(ports, request, integration, now);
      const secret = ports.randomToken();
      const opening = { ...verified, pii: piiOf(verified) };
      const session = newSession(ports, request, opening, user, secret, now);
      const [existing] = await Promise.all([
        ports.sessions.open(sessionOpening(session)),
        ports.tenantContacts.note(integrationId, acceptedContact(verified.integration, session.iss, now)),
        ports.secretUses.note(integrationId, verified.generation.generation, now),
      ]);
      if (existing !== null) return resume(request, existing);
      const { jti } = session;
      return {
        kind: 'opened',
        session,
        handle: sessionHandle(integrationId, jti),
        credential: { integrationId, jti, secret },
      };
    } catch (error) {
      if (!(error instanceof BadSessionToken)) throw error;
      if (integration !== null) await ports.tenantContacts.note(integrationId, refusedContact(error, now));
      return { kind: 'bad-link', reason: error.reason, supportId: supportIdOf(randomUUID()) };
    }
  };
