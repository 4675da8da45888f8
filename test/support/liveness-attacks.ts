import type { PhotoName } from './face-photos.ts';
import { approaching, CLIP_HEIGHT, CLIP_WIDTH, type ClipOptions, NEAR_WIDTH, type Shot } from './liveness-clip.ts';
import { type IssuedChallenge, LIGHT_AFTER_MS, type StreamOptions } from './liveness-streamer.ts';
import { seededRandom } from './seeded-random.ts';

type ShotAt = (ms: number) => Shot;
type Light = readonly [number, number, number];

/** What somebody holds in front of the camera, or feeds in, and what their client reports. */
export interface Presentation {
  readonly name: string;
  readonly challenge: 'FaceMovementChallenge' | 'FaceMovementAndLightChallenge';
  readonly shotAt: (issued: IssuedChallenge, seed: number) => ShotAt;
  readonly clip?: ClipOptions;
  readonly stream?: Partial<StreamOptions>;
}

const MOVE = 'FaceMovementChallenge';
const LIGHT = 'FaceMovementAndLightChallenge';
export const LIGHT_CLIP: ClipOptions = { ms: 5000 };

const personOf = (seed: number): PhotoName => (['A again', 'B', 'A'] as const)[seed % 3] ?? 'A';
const otherThan = (seed: number): PhotoName => (personOf(seed) === 'B' ? 'A again' : 'B');
/** Where the issued oval requires the face to end; faces fill it up to the chin. */
const endOf = ({ oval }: IssuedChallenge) => ({ endX: oval.CenterX, endY: oval.CenterY });

/** A person who does what is asked. */
export const following = (issued: IssuedChallenge, seed: number, person: PhotoName = personOf(seed)): ShotAt =>
  approaching(person, { seed, ...endOf(issued) });

/** The light of the screen in the room at a time in the clip. */
const screenAt = ({ colors }: IssuedChallenge, ms: number): Light | undefined => {
  let from = LIGHT_AFTER_MS;
  for (const [index, { FreshnessColor, DownscrollDuration, FlatDisplayDuration }] of colors.entries()) {
    const durationMs = DownscrollDuration + FlatDisplayDuration;
    if (ms >= from && ms < from + durationMs) {
      const part = DownscrollDuration === 0 ? 1 : (ms - from) / durationMs;
      const before = colors[index - 1]?.FreshnessColor.RGB ?? FreshnessColor.RGB;
      const mix = (channel: number): number =>
        (FreshnessColor.RGB[channel] ?? 0) * part + (before[channel] ?? 0) * (1 - part);
      return [mix(0), mix(1), mix(2)];
    }
    from += durationMs;
  }
  return undefined;
};

/** The same, with the light of the screen on it. */
export const lit =
  (shotAt: ShotAt, issued: IssuedChallenge): ShotAt =>
  (ms) => {
    const light = screenAt(issued, ms);
    return light === undefined ? shotAt(ms) : { ...shotAt(ms), light };
  };

const still = (seed: number, width = NEAR_WIDTH): ShotAt =>
  approaching(personOf(seed), { seed, near: width, far: width, isFlat: true });
/** The colors of another session. */
const otherColors = ({ colors, ...rest }: IssuedChallenge, seed: number): IssuedChallenge => {
  const random = seededRandom(seed + 7);
  const [black, ...scrolled] = colors;
  const order = scrolled.map((color) => ({ color, key: random() })).sort((a, b) => a.key - b.key);
  return { ...rest, colors: [...(black === undefined ? [] : [black]), ...order.map(({ color }) => color)] };
};

/** Each honest way to do what is asked. */
export const HONEST: readonly Presentation[] = [
  { name: 'a person who follows', challenge: MOVE, shotAt: following },
  {
    name: 'a person who follows, lit by the screen',
    challenge: LIGHT,
    clip: LIGHT_CLIP,
    shotAt: (issued, seed) => lit(following(issued, seed), issued),
  },
];

/** Each attack on video or reports. Attacks on the protocol are separate tests. */
export const ATTACKS: readonly Presentation[] = [
  { name: 'still photo held up', challenge: MOVE, shotAt: (_, seed) => still(seed) },
  {
    name: 'still photo brought nearer, following the oval',
    challenge: MOVE,
    shotAt: (issued, seed) => approaching(personOf(seed), { seed, ...endOf(issued), isFlat: true }),
  },
  {
    name: 'another person spliced in after the start',
    challenge: MOVE,
    shotAt: (issued, seed) => (ms) => following(issued, seed, ms < 900 ? personOf(seed) : otherThan(seed))(ms),
  },
  {
    name: 'another person spliced in for the pictures alone',
    challenge: MOVE,
    shotAt: (issued, seed) => (ms) =>
      following(issued, seed, ms > 1600 && ms < 2150 ? otherThan(seed) : personOf(seed))(ms),
  },
  {
    name: 'two faces',
    challenge: MOVE,
    shotAt: (_, seed) => (ms) => ({ ...approaching('A', { seed, near: 140 })(ms), person: 'both' }),
  },
  { name: 'no face', challenge: MOVE, shotAt: () => () => ({ person: 'nobody', faceWidth: 0 }) },
  {
    name: 'face leaves',
    challenge: MOVE,
    shotAt: (issued, seed) => (ms) => (ms < 1400 ? following(issued, seed)(ms) : { person: 'nobody', faceWidth: 0 }),
  },
  {
    name: 'face never comes nearer',
    challenge: MOVE,
    shotAt: (_, seed) => approaching(personOf(seed), { seed, near: 92 }),
  },
  {
    name: 'frozen frames, then a jump',
    challenge: MOVE,
    shotAt: (issued, seed) => (ms) => following(issued, seed)(ms < 1100 ? 0 : 2300),
  },
  {
    name: 'pictures shown one after the other',
    challenge: MOVE,
    shotAt: (issued, seed) => (ms) => following(issued, seed)(Math.floor(ms / 500) * 500),
  },
  {
    name: 'face beside the oval',
    challenge: MOVE,
    shotAt: (_, seed) =>
      approaching(personOf(seed), { seed, endX: CLIP_WIDTH * (seed % 2 === 0 ? 0.2 : 0.8), endY: CLIP_HEIGHT / 2 }),
  },
  {
    name: 'face reported where none is',
    challenge: MOVE,
    shotAt: following,
    stream: { endBox: { Left: 0, Top: 0, Width: 0.1, Height: 0.1 } },
  },
  {
    name: 'video stopped early',
    challenge: MOVE,
    shotAt: following,
    clip: { ms: 900 },
  },
  {
    name: 'colors reported in another order',
    challenge: LIGHT,
    clip: LIGHT_CLIP,
    shotAt: (issued, seed) => lit(following(issued, seed), issued),
    stream: { showColors: (issued) => [...issued].reverse() },
  },
  {
    name: 'recording without the light of the screen',
    challenge: LIGHT,
    clip: LIGHT_CLIP,
    shotAt: following,
  },
  {
    name: "recording with another session's colors",
    challenge: LIGHT,
    clip: LIGHT_CLIP,
    shotAt: (issued, seed) => lit(following(issued, seed), otherColors(issued, seed)),
  },
];
