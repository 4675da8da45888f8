import { writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { eased } from '../../local/demo-camera/moving-person.ts';
import { NaturalMovement } from '../../local/demo-camera/natural-movement.ts';
import type { PhotoName } from './face-photos.ts';
import { CLIP_HEIGHT, CLIP_WIDTH, drawShot } from './liveness-clip.ts';
import { seededRandom } from './seeded-random.ts';

const FRAMES_PER_SECOND = 15;
/** Six seconds far, three on the way, thirteen near. */
const [FAR_FRAMES, APPROACH_FRAMES, NEAR_FRAMES] = [90, 45, 195] as const;
const [FAR_WIDTH, NEAR_WIDTH] = [96, 236] as const;
/** So many pictures of each are drawn; then they run backwards, and so on. */
const DRAWN = 24;

/** To and fro through the first `DRAWN` of the frames. */
const pingPong = (index: number): number => {
  const at = index % (2 * DRAWN - 2);
  return at < DRAWN ? at : 2 * DRAWN - 2 - at;
};

/**
 * A camera as Chromium plays one from a file, in a loop: motion JPEG of a head that is far, comes nearer and stays. The far part is
 * shorter than the component waits for the oval to be filled.
 * @param seed other small movements: the same recording twice is refused as a replay
 */
export const writeCameraFile = async (path: string, person: PhotoName, seed: number): Promise<string> => {
  const movement = new NaturalMovement(seededRandom(seed));
  const drawn = new Map<number, Promise<Buffer>>();
  const draw = async (index: number): Promise<Buffer> => {
    const part = eased(Math.min(1, Math.max(0, (index - FAR_FRAMES) / APPROACH_FRAMES)));
    const { x, y, scale } = movement.at((index / FRAMES_PER_SECOND) * 1000);
    const faceWidth = (FAR_WIDTH + (NEAR_WIDTH - FAR_WIDTH) * part) * scale;
    const rgb = await drawShot({ person, faceWidth, centerX: CLIP_WIDTH / 2 + x, centerY: CLIP_HEIGHT / 2 + y });
    return sharp(rgb, { raw: { width: CLIP_WIDTH, height: CLIP_HEIGHT, channels: 4 } })
      .jpeg({ quality: 90 })
      .toBuffer();
  };
  const frame = (index: number): Promise<Buffer> => {
    const known = drawn.get(index) ?? draw(index);
    drawn.set(index, known);
    return known;
  };
  const near = FAR_FRAMES + APPROACH_FRAMES;
  const frames = Array.from({ length: near + NEAR_FRAMES }, (_, index) => {
    if (index < FAR_FRAMES) return frame(FAR_FRAMES - 1 - pingPong(FAR_FRAMES - 1 - index));
    return frame(index < near ? index : near + pingPong(index - near));
  });
  await writeFile(path, Buffer.concat(await Promise.all(frames)));
  return path;
};
