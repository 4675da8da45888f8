import { RekognitionClient } from '@aws-sdk/client-rekognition';
import { RekognitionEngine } from '../../lambdas/adapters/rekognition/rekognition-engine.ts';
import { startRekognition } from '../../local/rekognition/start-rekognition.ts';
import { portrait } from '../support/face-photos.ts';
import { approaching, recordClip } from '../support/liveness-clip.ts';
import { streamLiveness } from '../support/liveness-streamer.ts';
import { clientOf } from '../support/local-aws.ts';
import { type Browser, openLogin, readReturnPage } from '../support/login.ts';
import { createWorld } from '../support/world.ts';
import { type Sample, sampleOf, timed } from './statistics.ts';

export interface RealLogins {
  /** What the service adds to a login: open, start, complete and return, without the camera's own seconds. */
  readonly enroll: Sample;
  readonly verify: Sample;
  /** One CompareFaces request over the wire: decode, find, align and embed two pictures. */
  readonly compareFaces: Sample;
  readonly detectFaces: Sample;
}

const attempt = async (browser: Browser, task: 'enroll' | 'verify', url: string, clip: Buffer) => {
  const view = await timed(() => browser.view());
  const started = await timed(() => browser.start(task, view.value.consent?.version));
  const { livenessSessionId, credentials } = JSON.parse(started.value.body ?? '');
  if (credentials === undefined) throw new Error(`start answered ${started.value.statusCode}: ${started.value.body}`);
  await streamLiveness({ endpoint: url, credentials, sessionId: livenessSessionId, video: clip });
  const completed = await timed(() => browser.complete(task, 1));
  const { outcome } = JSON.parse(completed.value.body ?? '');
  if (outcome !== (task === 'enroll' ? 'enrolled' : 'verified')) throw new Error(`${task} ended with ${outcome}`);
  return view.ms + started.ms + completed.ms;
};

/** Whole logins with the local face engine, one after the other. */
export const measureRealLogins = async (rounds: number): Promise<RealLogins> => {
  const world = await createWorld();
  const rekognition = await startRekognition({
    port: 0,
    credentials: world.credentials,
    region: 'us-east-1',
    random: () => 0.5,
    // All rounds move with the same timing, by which a replay is recognized.
    rememberedStreams: 0,
  });
  try {
    const client = new RekognitionClient(clientOf(rekognition.url));
    const faces = new RekognitionEngine(client);
    const handlers = world.handlersWith({ faces });
    const challenge = 'FaceMovementChallenge';
    const integration = await world.newIntegration({ challenge });
    const times = { enroll: [] as number[], verify: [] as number[] };
    for (let round = 0; round < rounds; round += 1) {
      const sub = world.newExternalId();
      for (const task of ['enroll', 'verify'] as const) {
        const clip = await recordClip(
          approaching(task === 'enroll' ? 'A' : 'A again', {
            seed: times[task].length + (task === 'enroll' ? 0 : 1000),
          }),
        );
        const browser = await openLogin(world, integration, sub, { handlers });
        const inside = await attempt(browser, task, rekognition.url, clip);
        const back = await timed(async () => readReturnPage(world, integration, await browser.giveBack()));
        times[task].push(inside + back.ms);
      }
    }
    const [a, again] = await Promise.all([portrait('A'), portrait('A again')]);
    const [compares, detects]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds * 2; round += 1) {
      compares.push((await timed(() => faces.compare(a, again))).ms);
      detects.push((await timed(() => faces.countFaces(a))).ms);
    }
    return {
      enroll: sampleOf(times.enroll),
      verify: sampleOf(times.verify),
      compareFaces: sampleOf(compares),
      detectFaces: sampleOf(detects),
    };
  } finally {
    await rekognition.close();
    await world.close();
  }
};
