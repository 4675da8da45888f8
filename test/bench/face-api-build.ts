import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import sharp from 'sharp';

interface Detection {
  readonly descriptor: Float32Array;
}
interface Net {
  loadFromDisk(folder: string): Promise<void>;
}
interface FaceApi {
  readonly tf: {
    setWasmPaths(folder: string): void;
    setBackend(name: string): Promise<boolean>;
    tensor3d(values: Uint8Array, shape: readonly number[], type: string): { dispose(): void };
  };
  readonly nets: Readonly<Record<'ssdMobilenetv1' | 'faceLandmark68Net' | 'faceRecognitionNet', Net>>;
  detectSingleFace(tensor: unknown): { withFaceLandmarks(): { withFaceDescriptor(): Promise<Detection | undefined> } };
  euclideanDistance(a: Float32Array, b: Float32Array): number;
}

const require = createRequire(import.meta.url);

/**
 * @vladmandic/face-api for Node on tfjs-wasm, its fastest backend without a compiler. It requires the whole of tfjs, but calls only the
 * core with chained operations.
 */
const loadFaceApi = async (): Promise<FaceApi> => {
  const folder = await mkdtemp(join(tmpdir(), 'verified-face-api-'));
  try {
    const [core, wasm, faceApi] = ['tfjs-core', 'tfjs-backend-wasm', ''].map((name) =>
      dirname(require.resolve(`${name === '' ? '@vladmandic/face-api' : `@tensorflow/${name}`}/package.json`)),
    );
    const whole = join(folder, 'tfjs.mjs');
    const chained = join(core ?? '', 'dist/public/chained_ops/register_all_chained_ops.js');
    await writeFile(whole, `import '${chained}'; export * from '${join(core ?? '', 'dist/index.js')}';`);
    const outfile = join(folder, 'face-api.cjs');
    await build({
      entryPoints: [join(faceApi ?? '', 'dist/face-api.node-wasm.js')],
      bundle: true,
      platform: 'node',
      format: 'cjs',
      outfile,
      mainFields: ['module', 'main'],
      alias: { '@tensorflow/tfjs': whole },
      logLevel: 'error',
    });
    const api = require(outfile) as FaceApi;
    api.tf.setWasmPaths(`${join(wasm ?? '', 'dist')}/`);
    await api.tf.setBackend('wasm');
    for (const net of Object.values(['ssdMobilenetv1', 'faceLandmark68Net', 'faceRecognitionNet'] as const))
      await api.nets[net].loadFromDisk(join(faceApi ?? '', 'model'));
    return api;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** Compares the faces of two JPEGs with face-api: SSD detector, 68 points, 128 numbers per face. Returns their distance. */
export const faceApiCompare = async (): Promise<(a: Uint8Array, b: Uint8Array) => Promise<number>> => {
  const api = await loadFaceApi();
  const describe = async (bytes: Uint8Array): Promise<Float32Array> => {
    const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    const tensor = api.tf.tensor3d(data, [info.height, info.width, 3], 'int32');
    const face = await api.detectSingleFace(tensor).withFaceLandmarks().withFaceDescriptor();
    tensor.dispose();
    if (face === undefined) throw new Error('face-api found no face');
    return face.descriptor;
  };
  return async (a, b) => api.euclideanDistance(await describe(a), await describe(b));
};
