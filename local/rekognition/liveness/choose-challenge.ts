import { AwsError } from '../../aws-wire/aws-error.ts';

export const CHALLENGE_TYPES = ['FaceMovementAndLightChallenge', 'FaceMovementChallenge'] as const;
export type ChallengeType = (typeof CHALLENGE_TYPES)[number];

/** A challenge in one of its versions, e.g. `2.0.0`. */
export interface ChallengeVersion {
  readonly type: ChallengeType;
  readonly version: string;
}

/** What the creator of a session requests, inclusive bounds; null: no bound. */
export interface ChallengePreference {
  readonly type: ChallengeType;
  readonly minimum: string | null;
  readonly maximum: string | null;
}

/** Supported versions, newest first. */
const VERSIONS: Readonly<Record<ChallengeType, readonly string[]>> = {
  FaceMovementAndLightChallenge: ['2.0.0', '1.0.0'],
  FaceMovementChallenge: ['1.0.0'],
};

/** If nothing is preferred (developer guide: the light challenge is the default). */
const DEFAULT_PREFERENCES: readonly ChallengePreference[] = [
  { type: 'FaceMovementAndLightChallenge', minimum: null, maximum: null },
];

/** Negative if `a` is the older version. */
const compareVersions = (a: string, b: string): number => {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)];
  return left.map((part, index) => part - (right[index] ?? 0)).find((difference) => difference !== 0) ?? 0;
};

const versionsFor = ({ type, minimum, maximum }: ChallengePreference): readonly string[] =>
  VERSIONS[type].filter(
    (version) =>
      (minimum === null || compareVersions(version, minimum) >= 0) &&
      (maximum === null || compareVersions(version, maximum) <= 0),
  );

/** True if a supported version is within the preference's bounds. */
export const canMeet = (preference: ChallengePreference): boolean => versionsFor(preference).length > 0;

/** What a session with these preferences asks of a client that supports every version. */
export const defaultChallenge = (preferences: readonly ChallengePreference[]): ChallengeVersion => {
  const all = CHALLENGE_TYPES.flatMap((type) => VERSIONS[type].map((version) => `${type}_${version}`));
  return chooseChallenge(preferences, all.join(','));
};

/** `ChallengeVersions` of the stream: 15 to 150 characters (API reference, StartFaceLivenessSession). */
const CLIENT_VERSIONS = /^(?=.{15,150}$)[A-Za-z]+_\d+\.\d+\.\d+(,[A-Za-z]+_\d+\.\d+\.\d+)*$/;

/**
 * The first preference that the client supports too, in its newest version.
 * @param clientVersions e.g. `FaceMovementAndLightChallenge_2.0.0,FaceMovementChallenge_1.0.0`
 * @throws AwsError ValidationException
 */
export const chooseChallenge = (
  preferences: readonly ChallengePreference[],
  clientVersions: string,
): ChallengeVersion => {
  if (!CLIENT_VERSIONS.test(clientVersions))
    throw new AwsError('ValidationException', 'Challenge versions are malformed');
  const spoken = clientVersions.split(',');
  for (const preference of preferences.length > 0 ? preferences : DEFAULT_PREFERENCES) {
    const { type } = preference;
    const version = versionsFor(preference).find((each) => spoken.includes(`${type}_${each}`));
    if (version !== undefined) return { type, version };
  }
  throw new AwsError('ValidationException', 'The client supports none of the challenges of this session');
};
