import { rm } from 'node:fs/promises';
import { buildUploads } from '../../../bin/build-uploads.ts';
import { STAGES, type Stage, synthesize, type Templates, templatesOf } from '../stages.ts';

/** All stages, synthesized once for all tests of test/lib/stacks.test.ts. */
const made = new Map<Stage, ReturnType<typeof synthesize> & { readonly templates: Templates }>();

export const makeStages = async (): Promise<void> => {
  await buildUploads();
  for (const stage of Object.keys(STAGES) as Stage[]) {
    const { app, settings, stacks } = synthesize(stage);
    made.set(stage, { app, settings, stacks, templates: templatesOf(stacks) });
  }
};

export const removeStages = async (): Promise<void> => {
  await Promise.all([...made.values()].map(({ app }) => rm(app.outdir, { recursive: true, force: true })));
};

export const of = (stage: Stage) => {
  const one = made.get(stage);
  if (one === undefined) throw new Error(`${stage} was not synthesized`);
  return one;
};
