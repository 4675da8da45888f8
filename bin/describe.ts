import { parseArgs } from 'node:util';
import { Template } from 'aws-cdk-lib/assertions';
import { createApp } from '../lib/create-app.ts';
import { describeStack } from '../lib/describe-stack.ts';
import { readStage } from '../lib/stage-file.ts';
import { Verified } from '../lib/verified.ts';
import { buildUploads } from './build-uploads.ts';

/** `name=value`, as CDK's own `-c` takes it. */
const pairOf = (text: string): readonly [string, string] => {
  const at = text.indexOf('=');
  if (at < 1) throw new Error(`-c ${text}: write -c name=value, such as -c stage=prod`);
  return [text.slice(0, at), text.slice(at + 1)];
};

// Lists what a deployment of a stage would create: `npm run deploy:dry -- -c stage=prod`.
try {
  const { values } = parseArgs({ options: { context: { type: 'string', short: 'c', multiple: true, default: [] } } });
  const settings = readStage(Object.fromEntries(values.context.map(pairOf)));
  await buildUploads();
  const { stacks } = new Verified(createApp('dist/cdk-dry'), 'Verified', settings);
  for (const stack of Object.values(stacks)) {
    if (stack === null) continue;
    console.log(`\n${stack.stackName}: ${stack.templateOptions.description}`);
    for (const line of describeStack(Template.fromStack(stack).toJSON())) console.log(`  ${line}`);
  }
  console.log(
    '\nNothing was created. Deploy with: npx cdk deploy --all',
    values.context.map((pair) => `-c ${pair}`).join(' '),
  );
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
