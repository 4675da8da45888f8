import { EncodedVideoChunk, VideoEncoder, VideoFrame } from '@napi-rs/webcodecs';
import {
  BufferTarget,
  Mp4OutputFormat,
  Output,
  type VideoCodec,
  VideoSample,
  VideoSampleSource,
  WebMOutputFormat,
} from 'mediabunny';
import sharp from 'sharp';
import { NaturalMovement } from '../../local/demo-camera/natural-movement.ts';
import {
  type HeadPose,
  type PersonPicture,
  PICTURE_SIDES,
  type PixelGrid,
  paintPerson,
} from '../../local/demo-camera/person-pixels.ts';
import { type PhotoName, portrait } from './face-photos.ts';
import { seededRandom } from './seeded-random.ts';

// mediabunny encodes through the WebCodecs API, which Node lacks.
Object.assign(globalThis, { VideoEncoder, VideoFrame, EncodedVideoChunk });

export const CLIP_WIDTH = 640;
export const CLIP_HEIGHT = 480;
/** Widths of the cheeks at which the component accepts a face as far away, and as filling the oval. */
const FAR_WIDTH = 92;
export const NEAR_WIDTH = 200;
const GREY = 0xff606060;

/** What is in front of the camera at one moment: who, how wide the face is in pixels, and where; in the center by default. */
export interface Shot extends Partial<Omit<HeadPose, 'faceWidth'>> {
  readonly person: PhotoName | 'nobody' | 'both';
  readonly faceWidth: number;
}

const pictures = new Map<PhotoName, Promise<PersonPicture>>();
const pictureOf = (name: PhotoName): Promise<PersonPicture> => {
  const read = async (): Promise<PersonPicture> => {
    const jpeg = await portrait(name, PICTURE_SIDES[0]);
    return Promise.all(
      PICTURE_SIDES.map(async (side) => {
        const rgba = await sharp(jpeg).resize(side, side).ensureAlpha().raw().toBuffer();
        return { width: side, height: side, pixels: new Uint32Array(Uint8Array.from(rgba).buffer) };
      }),
    );
  };
  const known = pictures.get(name) ?? read();
  pictures.set(name, known);
  return known;
};

/** One picture of the camera, RGBA. */
export const drawShot = async ({ person, ...pose }: Shot): Promise<Uint8Array> => {
  const pixels = new Uint32Array(CLIP_WIDTH * CLIP_HEIGHT).fill(GREY);
  const grid: PixelGrid = { width: CLIP_WIDTH, height: CLIP_HEIGHT, pixels };
  const middle = { centerX: CLIP_WIDTH / 2, centerY: CLIP_HEIGHT / 2 };
  if (person === 'both') {
    paintPerson(grid, await pictureOf('A again'), { ...middle, ...pose, centerX: CLIP_WIDTH * 0.25 });
    paintPerson(grid, await pictureOf('B'), { ...middle, ...pose, centerX: CLIP_WIDTH * 0.75 });
  } else if (person !== 'nobody') paintPerson(grid, await pictureOf(person), { ...middle, ...pose });
  return new Uint8Array(pixels.buffer);
};

export interface Approach {
  readonly far?: number;
  readonly near?: number;
  /** When the approach begins and ends, milliseconds. */
  readonly fromMs?: number;
  readonly toMs?: number;
  /** Where the face is at the end; the center by default. */
  readonly endX?: number;
  readonly endY?: number;
  readonly isFlat?: boolean;
  /** Which small movements the person makes. */
  readonly seed?: number;
}

/** Far away, coming nearer, near: the movement that the challenge requires, with small movements of its own. */
export const approaching = (person: PhotoName, approach: Approach = {}): ((ms: number) => Shot) => {
  const { far = FAR_WIDTH, near = NEAR_WIDTH, fromMs = 700, toMs = 1500, isFlat = false, seed = 1 } = approach;
  const { endX = CLIP_WIDTH / 2, endY = CLIP_HEIGHT / 2 } = approach;
  const movement = new NaturalMovement(seededRandom(seed));
  return (ms) => {
    const part = Math.min(1, Math.max(0, (ms - fromMs) / (toMs - fromMs)));
    const { x, y, scale } = movement.at(ms);
    return {
      person,
      isFlat,
      faceWidth: (far + (near - far) * part) * scale,
      centerX: CLIP_WIDTH / 2 + (endX - CLIP_WIDTH / 2) * part + x,
      centerY: CLIP_HEIGHT / 2 + (endY - CLIP_HEIGHT / 2) * part + y,
    };
  };
};

export interface ClipOptions {
  readonly ms?: number;
  readonly framesPerSecond?: number;
  readonly codec?: Extract<VideoCodec, 'vp8' | 'vp9' | 'avc'>;
  readonly bitrate?: number;
}

const [HALF_WIDTH, HALF_HEIGHT] = [CLIP_WIDTH / 2, CLIP_HEIGHT / 2];

/** RGBA as I420 (BT.601): from RGB the encoder produces another VP9 profile than browsers do, which the decoder refuses. */
const toI420 = (rgba: Uint8Array): Uint8Array => {
  const [size, quarter] = [CLIP_WIDTH * CLIP_HEIGHT, HALF_WIDTH * HALF_HEIGHT];
  const planes = new Uint8Array(size + 2 * quarter);
  for (let index = 0; index < size; index += 1) {
    const [r = 0, g = 0, b = 0] = rgba.subarray(index * 4, index * 4 + 3);
    planes[index] = 16 + (66 * r + 129 * g + 25 * b) / 256;
    const [x, y] = [index % CLIP_WIDTH, Math.floor(index / CLIP_WIDTH)];
    if (x % 2 === 1 || y % 2 === 1) continue;
    const at = size + (y / 2) * HALF_WIDTH + x / 2;
    planes[at] = 128 + (-38 * r - 74 * g + 112 * b) / 256;
    planes[at + quarter] = 128 + (112 * r - 94 * g - 18 * b) / 256;
  }
  return planes;
};

/** A video as a browser records it: WebM, or MP4 for H.264. */
export const recordClip = async (
  shotAt: (ms: number) => Shot,
  { ms = 2400, framesPerSecond = 8, codec = 'vp8', bitrate = 1_000_000 }: ClipOptions = {},
): Promise<Buffer> => {
  const target = new BufferTarget();
  const format = codec === 'avc' ? new Mp4OutputFormat() : new WebMOutputFormat();
  const output = new Output({ format, target });
  const source = new VideoSampleSource({ codec, bitrate });
  output.addVideoTrack(source);
  await output.start();
  for (let index = 0; index < (ms / 1000) * framesPerSecond; index += 1) {
    const timestamp = index / framesPerSecond;
    const rgba = await drawShot(shotAt(timestamp * 1000));
    const isPlanar = codec === 'vp9';
    const sample = new VideoSample(isPlanar ? toI420(rgba) : rgba, {
      format: isPlanar ? 'I420' : 'RGBA',
      codedWidth: CLIP_WIDTH,
      codedHeight: CLIP_HEIGHT,
      timestamp,
      duration: 1 / framesPerSecond,
    });
    await source.add(sample);
    sample.close();
  }
  await output.finalize();
  return Buffer.from(target.buffer ?? new ArrayBuffer(0));
};
