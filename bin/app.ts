import { App } from 'aws-cdk-lib';
import { buildAction } from '../action/tools/build.ts';
import { readSettings } from '../lib/settings.ts';
import { addVerified } from '../lib/verified-app.ts';
import { buildPages } from '../web/build.ts';

// What `npx cdk` runs: reads the settings from the context, builds what the stacks upload, then the stacks.
const app = new App();
const settings = (() => {
  try {
    return readSettings((name) => app.node.tryGetContext(name));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
})();
await Promise.all([buildAction(), buildPages()]);
addVerified(app, settings);
app.synth();
