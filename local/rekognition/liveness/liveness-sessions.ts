import { randomUUID } from 'node:crypto';
import type { LocalCredentials } from '../../aws-wire/credentials.ts';
import type { StoredImage } from '../callers-s3.ts';
import type { Picture } from '../engine/engine-jobs.ts';
import { rekognitionError } from '../errors.ts';
import type { ChallengePreference, ChallengeVersion } from './choose-challenge.ts';
import type { FeedbackCode } from './feedback.ts';

/** Three minutes after its creation a session is gone: id, score and pictures (API reference, CreateFaceLivenessSession). */
const LIFETIME_MS = 3 * 60 * 1000;
/** More than any test opens; bounds the memory. */
const MAX_SESSIONS = 20_000;

/** A picture of the video; stored in S3 if the session asks for it. */
export interface LivenessPicture extends Picture {
  readonly stored: StoredImage | null;
}

export interface LivenessVerdict {
  /** Percent, 0 to 100. */
  readonly confidence: number;
  readonly reference: LivenessPicture | null;
  readonly auditImages: readonly LivenessPicture[];
  readonly feedback: readonly FeedbackCode[];
  readonly challenge: ChallengeVersion;
  /** As the client identifies itself. */
  readonly sdkType: string | null;
}

/** The settings passed to CreateFaceLivenessSession. */
export interface SessionSettings {
  /** Empty: the default challenge. */
  readonly preferences: readonly ChallengePreference[];
  /** 0 to 4. */
  readonly auditImagesLimit: number;
  readonly output: { readonly bucket: string; readonly keyPrefix: string } | null;
  readonly kmsKeyId: string | null;
}

export interface LivenessSession {
  readonly id: string;
  readonly settings: SessionSettings;
  /** With whose permissions pictures are stored. */
  readonly creator: LocalCredentials;
  readonly createdAtMs: number;
  status: 'CREATED' | 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED';
  verdict: LivenessVerdict | null;
}

interface Token {
  readonly sessionId: string;
  /** The settings that it was sent with. */
  readonly settings: string;
}

/** Liveness sessions in memory, as in the service: single use, ending after three minutes. */
export class LivenessSessions {
  /** In the order of their creation. */
  readonly #sessions = new Map<string, LivenessSession>();
  readonly #byToken = new Map<string, Token>();
  readonly #clockMs: () => number;

  constructor(clockMs: () => number) {
    this.#clockMs = clockMs;
  }

  /**
   * The same client token returns the same session while that exists.
   * @throws AwsError InvalidParameterException if the token was sent with other settings before, ThrottlingException if there are
   * too many sessions
   */
  create(settings: SessionSettings, creator: LocalCredentials, clientToken: string | null): LivenessSession {
    this.#age();
    const known = clientToken === null ? undefined : this.#ofToken(clientToken, settings);
    if (known !== undefined) return known;
    if (this.#sessions.size >= MAX_SESSIONS) throw rekognitionError('ThrottlingException');
    const id = randomUUID();
    const createdAtMs = this.#clockMs();
    const session: LivenessSession = { id, settings, creator, createdAtMs, status: 'CREATED', verdict: null };
    this.#sessions.set(id, session);
    if (clientToken !== null) this.#byToken.set(clientToken, { sessionId: id, settings: JSON.stringify(settings) });
    return session;
  }

  /** @throws AwsError SessionNotFoundException */
  find(id: string): LivenessSession {
    this.#age();
    const session = this.#sessions.get(id);
    if (session === undefined) throw rekognitionError('SessionNotFoundException');
    return session;
  }

  /** A session that waits for its only stream. @throws AwsError SessionNotFoundException if it is used or gone */
  findUnused(id: string): LivenessSession {
    const session = this.find(id);
    if (session.status !== 'CREATED') throw rekognitionError('SessionNotFoundException', 'Session was used before');
    return session;
  }

  #ofToken(clientToken: string, settings: SessionSettings): LivenessSession | undefined {
    const token = this.#byToken.get(clientToken);
    const session = token === undefined ? undefined : this.#sessions.get(token.sessionId);
    if (token === undefined || session === undefined) return undefined;
    if (token.settings === JSON.stringify(settings)) return session;
    throw rekognitionError(
      'InvalidParameterException',
      'ClientRequestToken was reused, but at least one of the other parameters differs from the earlier call.',
    );
  }

  /** Removes sessions older than three minutes. */
  #age(): void {
    const nowMs = this.#clockMs();
    for (const [id, session] of this.#sessions) {
      if (nowMs - session.createdAtMs < LIFETIME_MS) break;
      this.#sessions.delete(id);
    }
    for (const [token, { sessionId }] of this.#byToken) if (!this.#sessions.has(sessionId)) this.#byToken.delete(token);
  }
}
