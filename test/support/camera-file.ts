import { writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { Approach, CENTERED } from '../../local/demo-camera/moving-person.ts';
import type { PhotoName } from './face-photos.ts';
import { CLIP_HEIGHT, CLIP_WIDTH, drawShot } from './liveness-clip.ts';
import { seededRandom } from './seeded-random.ts';

const FRAMES_PER_SECOND = 15;
/** Six seconds far away, about three on the way, the rest near. */
const [FAR_FRAMES, APPROACH_FRAMES, NEAR_FRAMES] = [90, 50, 190] as const;
/** This many pictures of each part are drawn; then they run backward, and so on. */
const DRAWN = 24;

/** Back and forth through the first `DRAWN` frames. */
const pingPong = (index: number): number => {
  const at = index % (2 * DRAWN - 2);
  return at < DRAWN ? at : 2 * DRAWN - 2 - at;
};

/**
 * A camera that Chromium plays from a file in a loop: motion JPEG of a head that is far away, comes nearer and stays. The far part is
 * shorter than the component waits for the oval to be filled.
 * @param seed another place and other movements: the same recording is refused as a replay the second time
 */
export const writeCameraFile = async (path: string, person: PhotoName, seed: number): Promise<string> => {
  const approach = new Approach(seededRandom(seed));
  const drawn = new Map<number, Promise<Buffer>>();
  const draw = async (index: number): Promise<Buffer> => {
    const [ms, farMs] = [(index / FRAMES_PER_SECOND) * 1000, (FAR_FRAMES / FRAMES_PER_SECOND) * 1000];
    const rgb = await drawShot({ person, ...approach.poseAt(ms, ms < farMs ? null : ms - farMs, CENTERED) });
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
