import type { EpochSeconds } from '../../../contract/protocol/epoch-seconds.ts';

/** The service's clock; the only source of time. */
export type Clock = () => EpochSeconds;

/** Random values, 256 bits as base64url (43 characters). */
export type RandomToken = () => string;

/** Codes and support ids only: no token, name, address, image or score. */
export type Log = (code: string, fields: Readonly<Record<string, string | number | boolean | null>>) => void;

/** Waits; transient, a fraction of a second at a time. */
export type Pause = (milliseconds: number) => Promise<void>;
