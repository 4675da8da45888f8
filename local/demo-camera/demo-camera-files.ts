import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import sharp from 'sharp';

/** Two people in photos that the npm package @vladmandic/face-api ships; squares around the faces, in pixels. */
const PERSONS = {
  a: { file: 'sample3.jpg', left: 952, top: 115, side: 470 },
  b: { file: 'sample6.jpg', left: 151, top: 411, side: 416 },
} as const;
const PICTURE_SIDE = 640;

const picture = (
  { file, left, top, side }: (typeof PERSONS)[keyof typeof PERSONS],
  pictureSide = PICTURE_SIDE,
): Promise<Buffer> => {
  const folder = join(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json'), '../demo');
  return sharp(join(folder, file))
    .extract({ left, top, width: side, height: side })
    .resize(pictureSide, pictureSide)
    .jpeg({ quality: 92 })
    .toBuffer();
};

/** The demo persons' faces as square JPEGs with sides of `side` pixels. */
export const demoPhotos = (side: number): Promise<readonly Buffer[]> =>
  Promise.all(Object.values(PERSONS).map((person) => picture(person, side)));

/**
 * The development-only files that the local edge serves: the script that sends the liveness stream to the local Rekognition
 * and offers demo persons instead of a camera, its style sheet, and the persons' pictures.
 */
export const demoCameraFiles = async (rekognitionUrl: string) => {
  const folder = fileURLToPath(new URL('.', import.meta.url));
  const [script, style, a, b] = await Promise.all([
    build({
      entryPoints: [join(folder, 'browser.ts')],
      bundle: true,
      write: false,
      format: 'iife',
      target: 'es2022',
      define: { REKOGNITION_SOCKET: JSON.stringify(rekognitionUrl.replace(/^http/, 'ws')) },
    }),
    readFile(join(folder, 'browser.css')),
    picture(PERSONS.a),
    picture(PERSONS.b),
  ]);
  return new Map([
    [
      'browser.js',
      { type: 'text/javascript; charset=utf-8', body: Buffer.from(script.outputFiles[0]?.contents ?? '') },
    ],
    ['browser.css', { type: 'text/css; charset=utf-8', body: style }],
    ['person-a.jpg', { type: 'image/jpeg', body: a }],
    ['person-b.jpg', { type: 'image/jpeg', body: b }],
  ]);
};
