import { App } from 'aws-cdk-lib';
import { buildAction } from '../action/tools/build.ts';
import { readStage } from '../lib/stage-file.ts';
import { Verified } from '../lib/verified.ts';
import { buildUploads } from './build-uploads.ts';

// What `npx cdk` runs: reads the settings of the stage, builds what the stacks upload, then the stacks.
const app = new App();
/** What the command line and cdk.json give this project; CDK's own names contain a hyphen or a colon. */
const given = Object.fromEntries(
  Object.entries<unknown>(app.node.getAllContext()).filter(([name]) => /^\w+$/.test(name)),
);
const settings = (() => {
  try {
    return readStage(given);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
})();
await Promise.all([buildAction(), buildUploads()]);
new Verified(app, 'Verified', settings);
app.synth();
