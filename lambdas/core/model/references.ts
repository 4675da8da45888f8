import type { EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import type { Reference } from './user.ts';

/** Reference faces at rest: sealed per user and version, under random names. */
export interface References {
  /** A random name in the face bucket. */
  newObjectKey(): string;
  /** Gets a fresh data key for one reference, so that storing later takes one call. */
  prepare(owner: ReferenceOwner, objectKey: string): Promise<PreparedReference>;
  /** @throws Problem `unavailable` if bytes, key and owner do not match, or cannot be read */
  load(owner: ReferenceOwner, reference: Reference): Promise<Uint8Array>;
  remove(reference: Pick<Reference, 'objectKey'>): Promise<void>;
  /** Whether there are bytes under the name now. */
  isStored(reference: Pick<Reference, 'objectKey'>): Promise<boolean>;
}

export interface PreparedReference {
  readonly objectKey: string;
  /** Seals and stores the image under `objectKey`. */
  store(image: Uint8Array, now: EpochSeconds): Promise<Reference>;
}

export interface ReferenceOwner {
  readonly integrationId: string;
  readonly externalId: string;
  readonly engine: string;
}
