import { cosine, embedFace } from '../../local/rekognition/engine/embed-face.ts';
import { findBoxes, findPoints } from '../../local/rekognition/engine/find-faces.ts';
import { loadModels } from '../../local/rekognition/engine/models.ts';
import { readImage } from '../../local/rekognition/engine/read-image.ts';
import { portrait } from '../support/face-photos.ts';
import { faceApiCompare } from './face-api-build.ts';
import { type Sample, sampleOf, timed } from './statistics.ts';

const STAGES = ['decode', 'detect', 'landmarks', 'embed'] as const;
export type Stage = (typeof STAGES)[number];

export interface CompareStages {
  /** Both pictures of a comparison, one thread. */
  readonly stages: Readonly<Record<Stage, Sample>>;
  readonly whole: Sample;
  /** @vladmandic/face-api on the same pictures, in turns. */
  readonly faceApi: Sample;
}

const WARM_UP = 3;

/** CompareFaces without the wire, stage by stage, next to face-api on the same two pictures. */
export const measureCompareStages = async (rounds: number): Promise<CompareStages> => {
  const [models, compareWithFaceApi, a, b] = await Promise.all([
    loadModels(),
    faceApiCompare(),
    portrait('A'),
    portrait('A again'),
  ]);
  const times: Record<Stage | 'whole' | 'faceApi', number[]> = {
    decode: [],
    detect: [],
    landmarks: [],
    embed: [],
    whole: [],
    faceApi: [],
  };
  const round = async (): Promise<void> => {
    const spent = { decode: 0, detect: 0, landmarks: 0, embed: 0 };
    const stage = async <T>(name: Stage, act: () => Promise<T>): Promise<T> => {
      const { value, ms } = await timed(act);
      spent[name] += ms;
      return value;
    };
    const describe = async (bytes: Uint8Array): Promise<Float32Array> => {
      const image = await stage('decode', () => readImage(bytes));
      const [found] = await stage('detect', () => findBoxes(models, image));
      if (found === undefined) throw new Error('no face found');
      const points = await stage('landmarks', () => findPoints(models, image, found.box));
      return stage('embed', () => embedFace(models, image, { ...found, points }));
    };
    const { ms } = await timed(async () => cosine(await describe(a), await describe(b)));
    for (const name of STAGES) times[name].push(spent[name]);
    times.whole.push(ms);
    times.faceApi.push((await timed(() => compareWithFaceApi(a, b))).ms);
  };
  for (let index = 0; index < WARM_UP + rounds; index += 1) await round();
  const measured = (name: keyof typeof times): Sample => sampleOf(times[name].slice(WARM_UP));
  return {
    stages: {
      decode: measured('decode'),
      detect: measured('detect'),
      landmarks: measured('landmarks'),
      embed: measured('embed'),
    },
    whole: measured('whole'),
    faceApi: measured('faceApi'),
  };
};
