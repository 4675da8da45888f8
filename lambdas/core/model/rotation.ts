import type { Rotation } from '../../../contract/api/portal/rotation.ts';
import { addSeconds, type EpochSeconds, epochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import { Problem } from './problem.ts';

/** A secret that is valid until `endsAt`; the current one has no end. */
export interface Generation {
  readonly generation: number;
  readonly endsAt: EpochSeconds | null;
}

/** When each generation of a secret was last used, by its number. */
export type LastUses = Readonly<Record<number, EpochSeconds>>;

/** Two may be valid at the same time: the one that a rotation replaces stays valid until whoever uses it has the new one. */
const MAX_LIVE = 2;

/** The generations that are valid at `now`, newest first. */
export const liveAt = <Secret extends Generation>(secrets: readonly Secret[], now: EpochSeconds): readonly Secret[] =>
  secrets
    .filter(({ endsAt }) => endsAt === null || now < endsAt)
    .sort((a, b) => b.generation - a.generation)
    .slice(0, MAX_LIVE);

export const newestOf = (secrets: readonly Generation[]): number =>
  Math.max(...secrets.map(({ generation }) => generation));

const written = (at: EpochSeconds): string => new Date(at * 1000).toISOString();

const describe = ({ generation, endsAt }: Generation, lastUsedAt: EpochSeconds | undefined): string => {
  const use = lastUsedAt === undefined ? 'is not known to have been used' : `was last used at ${written(lastUsedAt)}`;
  return `generation ${generation} ${use} and counts ${endsAt === null ? 'until it is replaced' : `until ${written(endsAt)}`}`;
};

const refuse = (live: readonly Generation[], uses: LastUses): never => {
  const errors = live.map((secret) => ({ pointer: '#/ends', detail: describe(secret, uses[secret.generation]) }));
  throw new Problem('secret-in-overlap', 'two secrets count', { errors });
};

/** What the audit log says about a rotation. */
export const describeRotation = ({ overlapSeconds, ends }: Rotation): string => {
  const ended = ends.map(({ generation }) => generation).join(', ');
  return `overlap ${overlapSeconds} s${ended === '' ? '' : `, ends generation ${ended}`}`;
};

/** True if it is named, and was not used after the last use that whoever named it saw. */
const isEnded = ({ generation }: Generation, { ends }: Rotation, uses: LastUses): boolean => {
  const named = ends.find((each) => each.generation === generation);
  return named !== undefined && named.lastUsedAt === (uses[generation] ?? null);
};

/**
 * The secrets that stay valid in addition to the new one. A secret that is not ended by name keeps at least the time it was promised;
 * the current secret gets the overlap.
 * @param secrets every generation, including those that ended
 * @throws Problem `already-rotated` if the newest is not the one that was seen; `secret-in-overlap` if more than one would be left,
 *   saying when each secret was last used and until when it is valid
 */
export const secretsBeside = <Secret extends Generation>(
  secrets: readonly Secret[],
  uses: LastUses,
  rotation: Rotation,
  now: EpochSeconds,
): readonly Secret[] => {
  if (newestOf(secrets) !== rotation.generation)
    throw new Problem('already-rotated', 'another generation is the newest');
  const live = liveAt(secrets, now);
  const kept = live.filter((secret) => !isEnded(secret, rotation, uses));
  if (kept.length >= MAX_LIVE) refuse(live, uses);
  const overlapEnd = addSeconds(now, rotation.overlapSeconds);
  return kept
    .map((secret) => ({ ...secret, endsAt: epochSeconds(Math.max(secret.endsAt ?? overlapEnd, overlapEnd)) }))
    .filter(({ endsAt }) => now < endsAt);
};
