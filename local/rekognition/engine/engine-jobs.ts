import type { Box, Point } from './pixels.ts';

/** One face of an image; boxes and points as ratios of its size. */
export interface FaceFact {
  readonly box: Box;
  readonly score: number;
  readonly points: readonly Point[];
  readonly embedding: Float32Array | null;
  /** 0 to 100. */
  readonly brightness: number;
  /** 0 to 100. */
  readonly sharpness: number;
}

/** What a video shows. */
export interface VideoFacts {
  readonly width: number;
  readonly height: number;
  readonly frames: readonly { readonly atMs: number; readonly faces: readonly Box[] }[];
  readonly sameIdentity: number | null;
  /** JPEG of the sharpest near frame; null where no frame shows one face. */
  readonly reference: Uint8Array | null;
}

export type EngineJob =
  | { readonly id: number; readonly kind: 'image'; readonly bytes: Uint8Array; readonly withEmbeddings: boolean }
  | { readonly id: number; readonly kind: 'video'; readonly bytes: Uint8Array };

/** Ends a worker in order. */
export const STOP = 'stop';

export interface EngineReply {
  readonly id: number;
  readonly value?: FaceFact[] | VideoFacts;
  readonly error?: { readonly code: string; readonly message: string; readonly status: number };
}
