import { randomUUID } from 'node:crypto';
import { AwsError } from '../../aws-wire/aws-error.ts';
import type { ChallengeType } from './challenge.ts';
import type { Feedback } from './score-liveness.ts';

/** A session lives three minutes from its creation (Face Liveness developer guide). */
const LIFE_MS = 3 * 60 * 1000;

export interface LivenessVerdict {
  readonly confidence: number;
  readonly reference: Uint8Array | null;
  readonly feedback: readonly Feedback[];
}

export interface LivenessSession {
  readonly id: string;
  readonly challenge: ChallengeType;
  readonly createdAtMs: number;
  status: 'CREATED' | 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED';
  verdict: LivenessVerdict | null;
}

/** Liveness sessions in memory, as in the service: single use, gone after three minutes. */
export class LivenessSessions {
  readonly #sessions = new Map<string, LivenessSession>();
  readonly #byToken = new Map<string, string>();
  readonly #clockMs: () => number;

  constructor(clockMs: () => number) {
    this.#clockMs = clockMs;
  }

  /** The same client token gives the same session. */
  create(challenge: ChallengeType, clientToken: string | undefined): LivenessSession {
    this.#removeOld();
    const known = clientToken === undefined ? undefined : this.#sessions.get(this.#byToken.get(clientToken) ?? '');
    if (known !== undefined) return known;
    const session: LivenessSession = {
      id: randomUUID(),
      challenge,
      createdAtMs: this.#clockMs(),
      status: 'CREATED',
      verdict: null,
    };
    this.#sessions.set(session.id, session);
    if (clientToken !== undefined) this.#byToken.set(clientToken, session.id);
    return session;
  }

  /** @throws AwsError SessionNotFoundException */
  find(id: string): LivenessSession {
    this.#removeOld();
    const session = this.#sessions.get(id);
    if (session === undefined) throw new AwsError('SessionNotFoundException', 'Session not found');
    return session;
  }

  /** Takes a session for its one stream. @throws AwsError SessionNotFoundException if it is used or gone */
  begin(id: string): LivenessSession {
    const session = this.find(id);
    if (session.status !== 'CREATED') throw new AwsError('SessionNotFoundException', 'Session was used before');
    session.status = 'IN_PROGRESS';
    return session;
  }

  #removeOld(): void {
    const nowMs = this.#clockMs();
    for (const [id, { createdAtMs }] of this.#sessions) if (nowMs - createdAtMs >= LIFE_MS) this.#sessions.delete(id);
    for (const [token, id] of this.#byToken) if (!this.#sessions.has(id)) this.#byToken.delete(token);
  }
}
