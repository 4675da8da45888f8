import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { InferenceSession } from 'onnxruntime-node';

/** The models of the face engine: small files of an npm package (MIT), verified by SHA-256. */
const MODELS = {
  detect: ['fr_detect.onnx', '6c0256ccd3164f844736a401faf936ec2930764a87ae39442180887d0c5c8854'],
  landmarks: ['fr_landmark.onnx', 'f10b0ba1d2a8a099adefede1ebf3733e44fe370715e7303dbeb7f59c02142258'],
  embed: ['fr_feature.onnx', '87aacdfe57510db2af90c0251df680e8eec88f122ee94712121d09bcaaaf3581'],
} as const;

export type Models = Readonly<Record<keyof typeof MODELS, InferenceSession>>;

const folder = (): string => {
  const entry = createRequire(import.meta.url).resolve('faceplugin-face-recognition-js/package.json');
  return join(entry, '../model');
};

/** A model file that is missing or is not the one that was measured. */
export class ModelError extends Error {
  constructor(file: string, fault: 'missing' | 'altered') {
    super(`The face model ${file} is ${fault}: run "npm ci" again.`);
    this.name = 'ModelError';
  }
}

const readModel = async (file: string, sha256: string): Promise<Buffer> => {
  const bytes = await readFile(join(folder(), file)).catch(() => {
    throw new ModelError(file, 'missing');
  });
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) throw new ModelError(file, 'altered');
  return bytes;
};

/** @throws ModelError */
export const verifyModels = async (): Promise<void> => {
  for (const [file, sha256] of Object.values(MODELS)) await readModel(file, sha256);
};

/**
 * Loads the three models, with one thread each: requests run in parallel in workers.
 * @throws ModelError
 */
export const loadModels = async (): Promise<Models> => {
  const load = async (name: keyof typeof MODELS): Promise<InferenceSession> => {
    const [file, sha256] = MODELS[name];
    const bytes = await readModel(file, sha256);
    return InferenceSession.create(bytes, { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 });
  };
  const [detect, landmarks, embed] = await Promise.all([load('detect'), load('landmarks'), load('embed')]);
  return { detect, landmarks, embed };
};
