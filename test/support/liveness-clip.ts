import { EncodedVideoChunk, VideoEncoder, VideoFrame } from '@napi-rs/webcodecs';
import { BufferTarget, Output, VideoSample, VideoSampleSource, WebMOutputFormat } from 'mediabunny';
import sharp from 'sharp';
import { type PhotoName, portrait } from './face-photos.ts';

// mediabunny encodes through the WebCodecs API, which Node lacks.
Object.assign(globalThis, { VideoEncoder, VideoFrame, EncodedVideoChunk });

export const CLIP_WIDTH = 640;
export const CLIP_HEIGHT = 480;
const PORTRAIT_SIDE = 480;
/** The face takes this part of a portrait's width. */
const FACE_PART = 0.47;

/** What is before the camera at one moment: who, and how wide the face is in pixels. */
export interface Shot {
  readonly person: PhotoName | 'nobody' | 'both';
  readonly faceWidth: number;
}

const portraits = new Map<PhotoName, Promise<Buffer>>();
const rawPortrait = (name: PhotoName): Promise<Buffer> => {
  const known = portraits.get(name) ?? portrait(name, PORTRAIT_SIDE).then((jpeg) => sharp(jpeg).raw().toBuffer());
  portraits.set(name, known);
  return known;
};

const draw = (target: Buffer, source: Buffer, faceWidth: number, centerX: number): void => {
  const scale = (PORTRAIT_SIDE * FACE_PART) / faceWidth;
  const half = faceWidth / FACE_PART / 2;
  for (let y = 0; y < CLIP_HEIGHT; y += 1) {
    for (let x = Math.max(0, Math.ceil(centerX - half)); x < Math.min(CLIP_WIDTH, centerX + half); x += 1) {
      const [sx, sy] = [PORTRAIT_SIDE / 2 + (x - centerX) * scale, PORTRAIT_SIDE / 2 + (y - CLIP_HEIGHT / 2) * scale];
      if (sx < 0 || sy < 0 || sx >= PORTRAIT_SIDE || sy >= PORTRAIT_SIDE) continue;
      const from = (Math.floor(sy) * PORTRAIT_SIDE + Math.floor(sx)) * 3;
      source.copy(target, (y * CLIP_WIDTH + x) * 3, from, from + 3);
    }
  }
};

/** One picture of the camera, RGB. */
export const drawShot = async ({ person, faceWidth }: Shot): Promise<Buffer> => {
  const picture = Buffer.alloc(CLIP_WIDTH * CLIP_HEIGHT * 3, 96);
  if (person === 'nobody') return picture;
  if (person === 'both') {
    draw(picture, await rawPortrait('A again'), faceWidth, CLIP_WIDTH * 0.28);
    draw(picture, await rawPortrait('B'), faceWidth, CLIP_WIDTH * 0.72);
    return picture;
  }
  draw(picture, await rawPortrait(person), faceWidth, CLIP_WIDTH / 2);
  return picture;
};

/** Far, coming nearer, near: the movement that the challenge asks for. `at` from 0 to 1. */
export const approaching =
  (person: PhotoName, far = 105, near = 240) =>
  (at: number): Shot => ({ person, faceWidth: far + (near - far) * Math.min(1, Math.max(0, (at - 0.3) / 0.4)) });

/** A WebM (VP8) of `seconds`, as a browser records it. */
export const recordClip = async (shotAt: (at: number) => Shot, seconds = 3, framesPerSecond = 10): Promise<Buffer> => {
  const target = new BufferTarget();
  const output = new Output({ format: new WebMOutputFormat(), target });
  const source = new VideoSampleSource({ codec: 'vp8', bitrate: 1_000_000 });
  output.addVideoTrack(source);
  await output.start();
  const count = seconds * framesPerSecond;
  for (let index = 0; index < count; index += 1) {
    const rgb = await drawShot(shotAt(index / (count - 1)));
    const rgba = await sharp(rgb, { raw: { width: CLIP_WIDTH, height: CLIP_HEIGHT, channels: 3 } })
      .ensureAlpha()
      .raw()
      .toBuffer();
    const timestamp = index / framesPerSecond;
    const init = {
      format: 'RGBA',
      codedWidth: CLIP_WIDTH,
      codedHeight: CLIP_HEIGHT,
      timestamp,
      duration: 1 / framesPerSecond,
    } as const;
    const sample = new VideoSample(rgba, init);
    await source.add(sample);
    sample.close();
  }
  await output.finalize();
  return Buffer.from(target.buffer ?? new ArrayBuffer(0));
};
