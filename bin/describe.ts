import { parseArgs } from 'node:util';
import { Template } from 'aws-cdk-lib/assertions';
import { describeStack } from '../lib/describe-stack.ts';
import { readSettings } from '../lib/settings.ts';
import { addVerified, createApp } from '../lib/verified-app.ts';
import { buildPages } from '../web/build.ts';

// Lists what a deployment with these settings would create: `npm run deploy:dry -- -c stage=prod`.
const { values } = parseArgs({ options: { context: { type: 'string', short: 'c', multiple: true, default: [] } } });
const given = new Map(
  values.context.map((pair) => {
    const at = pair.indexOf('=');
    return [pair.slice(0, at), pair.slice(at + 1)] as const;
  }),
);
try {
  const settings = readSettings((name) => given.get(name));
  await buildPages();
  const stacks = addVerified(createApp('dist/cdk-dry'), settings);
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
