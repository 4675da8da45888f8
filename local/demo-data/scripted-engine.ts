import { randomUUID } from 'node:crypto';
import { FACE_ENGINE, type FaceEngine, type LivenessResult } from '../../lambdas/core/model/face-engine.ts';
import type { ChallengeType } from '../../lambdas/core/model/integration.ts';
import type { Scene } from './login-plan.ts';

/** A face engine for one login, which sees the scenes of its plan in order. */
export class ScriptedEngine implements FaceEngine {
  readonly engine = FACE_ENGINE;
  readonly #scenes: readonly Scene[];
  readonly #photo: Uint8Array;
  readonly #challenges = new Map<string, ChallengeType>();

  constructor(scenes: readonly Scene[], photo: Uint8Array) {
    this.#scenes = scenes;
    this.#photo = photo;
  }

  get #scene(): Scene {
    return this.#scenes[this.#challenges.size - 1] ?? 'passes';
  }

  async createLiveness(_token: string, challenge: ChallengeType): Promise<string> {
    const livenessId = randomUUID();
    this.#challenges.set(livenessId, challenge);
    return livenessId;
  }

  async readLiveness(livenessId: string): Promise<LivenessResult> {
    return {
      livenessId,
      status: 'SUCCEEDED',
      confidence: this.#scene === 'no-life' ? 31 : 97.4,
      challenge: this.#challenges.get(livenessId) ?? null,
      image: this.#photo,
      hints: [],
    };
  }

  async countFaces(): Promise<number> {
    return 1;
  }

  async compare() {
    return { similarity: this.#scene === 'another-face' ? 2.1 : 99.8, facesInProbe: 1 };
  }
}
