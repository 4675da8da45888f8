import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readAnswer } from '../../contract/api/read-answer.ts';
import { SessionView } from '../../contract/api/session.ts';
import { epochSeconds } from '../../contract/protocol/epoch-seconds.ts';
import type { HttpHandler } from '../../lambdas/http/endpoint.ts';
import { bundleLambdas } from '../../lib/bundle-lambdas.ts';
import { startRekognition } from '../../local/rekognition/start-rekognition.ts';
import { variablesOf } from '../lib/function-environments.ts';
import { portrait } from '../support/face-photos.ts';
import { functionEnvironment } from '../support/function-environment.ts';
import type { Handlers, LoginWorld } from '../support/login.ts';
import type { Scene } from '../support/scripted-faces.ts';
import { createWorld } from '../support/world.ts';
import { LAST_RELEASE, readReleaseFacts, unpackBundles } from './release-record.ts';
import { RunningVersion } from './running-version.ts';

/** Hands the local Rekognition a picture as the result of the next liveness session; what it then does with the picture is real. */
const camera = async (controlUrl: string) => {
  const pictures = { alice: await portrait('A', 240), mallory: await portrait('B', 240) };
  return async (_livenessId: string, { person = 'alice' }: Partial<Scene>): Promise<void> => {
    const picture = person === 'mallory' ? pictures.mallory : pictures.alice;
    const answer = await fetch(`${controlUrl}/rules`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        operation: 'GetFaceLivenessSessionResults',
        status: 'SUCCEEDED',
        referenceImage: picture.toString('base64'),
      }),
    });
    if (answer.status !== 201) throw new Error(`the rule was refused: ${await answer.text()}`);
  };
};

/**
 * A stage whose data stays while its functions are replaced: those of the last release and those of this code, as they are uploaded, over
 * one set of tables, keys and faces. Users' requests reach the version that is live; the clock is the machine's.
 */
export const createLiveStage = async () => {
  const { functions } = await readReleaseFacts(LAST_RELEASE);
  const world = await createWorld();
  // The first operator may sign up.
  await world.removeAccount();
  const folder = await mkdtemp(join(tmpdir(), 'verified-upgrade-'));
  const cwd = join(folder, 'empty');
  await mkdir(cwd);
  const rekognition = await startRekognition({
    port: 0,
    credentials: world.credentials,
    region: 'eu-west-1',
    threads: 1,
    control: { port: 0 },
  });
  const versionOf = (files: ReadonlyMap<string, string>, variables: (name: string) => readonly string[]) =>
    new RunningVersion({
      files,
      environmentOf: (name) => ({
        ...functionEnvironment(world, variables(name)),
        AWS_ENDPOINT_URL_REKOGNITION: rekognition.url,
      }),
      cwd,
    });
  const release = versionOf(await unpackBundles(LAST_RELEASE, folder), (name) => functions[name] ?? []);
  const today = versionOf(new Map([...bundleLambdas()].map(([name, { file }]) => [name, file])), variablesOf);
  let live = release;
  const handler =
    (name: keyof Handlers): HttpHandler =>
    (event, context) =>
      live.handlers[name](event, context);
  const users: LoginWorld = {
    keysOf: world.keysOf,
    now: () => epochSeconds(Math.floor(Date.now() / 1000)),
    handlers: { session: handler('session'), enroll: handler('enroll'), verify: handler('verify') },
    faces: { play: await camera(rekognition.controlUrl ?? '') },
    // As the page does, which may be of the other version than the functions.
    readView: (answer) => {
      const { data, error } = readAnswer(SessionView, answer);
      if (data === undefined) throw error;
      return data;
    },
  };
  return {
    world,
    /** What users meet. */
    users,
    release,
    today,
    deploy: (version: RunningVersion): void => {
      live = version;
    },
    close: async () => {
      await Promise.all([release.close(), today.close()]);
      await Promise.all([rekognition.close(), world.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
};

export type LiveStage = Awaited<ReturnType<typeof createLiveStage>>;
