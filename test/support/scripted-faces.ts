import { randomUUID } from 'node:crypto';
import type { FaceEngine, LivenessResult } from '../../lambdas/core/model/face-engine.ts';
import type { ChallengeType } from '../../lambdas/core/model/integration.ts';

/** What happens in front of the camera of one liveness session. */
export interface Scene {
  /** Who is seen; comparing two pictures of one person matches. */
  readonly person: string;
  readonly confidence: number;
  readonly status: LivenessResult['status'];
  readonly faces: number;
  readonly hints: LivenessResult['hints'];
  /** Overrides of Rekognition's result. */
  readonly result: Partial<LivenessResult> | null;
}

const SCENE: Scene = { person: 'alice', confidence: 97, status: 'SUCCEEDED', faces: 1, hints: [], result: {} };

/** A face engine whose scenes tests write; throws for liveness sessions that it never created. Pictures are text. */
export class ScriptedFaces implements FaceEngine {
  readonly engine = 'rekognition-compare-faces';
  readonly calls = { createLiveness: 0, readLiveness: 0, countFaces: 0, compare: 0 };
  /** Similarity of a picture with another one of the same person. */
  similarity = 99.9;
  readonly #byToken = new Map<string, string>();
  readonly #scenes = new Map<string, { scene: Scene; challenge: ChallengeType }>();

  async createLiveness(idempotencyToken: string, challenge: ChallengeType): Promise<string> {
    this.calls.createLiveness += 1;
    const id = this.#byToken.get(idempotencyToken) ?? randomUUID();
    this.#byToken.set(idempotencyToken, id);
    this.#scenes.set(id, { scene: SCENE, challenge });
    return id;
  }

  /** Plays `scene` in front of the camera of a liveness session. */
  play(livenessId: string, scene: Partial<Scene>): void {
    const known = this.#scenes.get(livenessId);
    if (known === undefined) throw new Error('no such liveness session');
    this.#scenes.set(livenessId, { ...known, scene: { ...SCENE, ...scene } });
  }

  async readLiveness(livenessId: string): Promise<LivenessResult | null> {
    this.calls.readLiveness += 1;
    const known = this.#scenes.get(livenessId);
    if (known === undefined) throw new Error('the service asked for a liveness session that it never made');
    const { scene, challenge } = known;
    if (scene.result === null) return null;
    return {
      livenessId,
      status: scene.status,
      confidence: scene.confidence,
      challenge,
      image: Buffer.from(JSON.stringify({ person: scene.person, faces: scene.faces })),
      hints: scene.hints,
      ...scene.result,
    };
  }

  async countFaces(image: Uint8Array): Promise<number> {
    this.calls.countFaces += 1;
    return JSON.parse(Buffer.from(image).toString()).faces;
  }

  async compare(reference: Uint8Array, probe: Uint8Array) {
    this.calls.compare += 1;
    const [a, b] = [reference, probe].map((bytes) => JSON.parse(Buffer.from(bytes).toString()));
    return { similarity: a.person === b.person ? this.similarity : 1.5, facesInProbe: b.faces };
  }
}
