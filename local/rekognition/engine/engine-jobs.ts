import type { Pose } from './face-pose.ts';
import type { Box, Point } from './pixels.ts';

/** One face of an image; boxes and points as ratios of its size. */
export interface FaceFact {
  readonly box: Box;
  readonly score: number;
  readonly points: readonly Point[];
  /** Absent unless requested. */
  readonly embedding?: Float32Array;
  readonly pose: Pose;
  /** Shorter side of its box, pixels. */
  readonly sidePixels: number;
  /** 0 to 100. */
  readonly brightness: number;
  /** 0 to 100. */
  readonly sharpness: number;
}

/** A frame as JPEG, and where its face is. */
export interface Picture {
  readonly jpeg: Uint8Array;
  readonly box: Box;
}

/** One frame of a video. */
export interface FrameFact {
  readonly atMs: number;
  readonly faces: readonly Box[];
  /** Mean red, green and blue of the skin, 0 to 255; null unless there is exactly one face. */
  readonly skin: readonly [number, number, number] | null;
  /** Mean change of the face since the previous frame, 0 to 255; null unless there is exactly one face, and at the start. */
  readonly change: number | null;
}

/** What a video shows. */
export interface VideoFacts {
  readonly width: number;
  readonly height: number;
  readonly frames: readonly FrameFact[];
  readonly sameIdentity: number | null;
  /** How much more the front of the face grew than its outline, see `depthBetween`; null if it cannot be measured. */
  readonly depth: number | null;
  /** The sharpest near frame; null if no frame shows exactly one face. */
  readonly reference: Picture | null;
  /** At most as many as requested, spread over the video. */
  readonly auditImages: readonly Picture[];
}

export type EngineJob =
  | { readonly id: number; readonly kind: 'image'; readonly bytes: Uint8Array; readonly withEmbeddings: boolean }
  | { readonly id: number; readonly kind: 'video'; readonly bytes: Uint8Array; readonly auditImages: number };

/** Ends a worker in an orderly way. */
export const STOP = 'stop';

export interface EngineReply {
  readonly id: number;
  readonly value?: FaceFact[] | VideoFacts;
  readonly error?: { readonly code: string; readonly message: string; readonly status: number };
}
