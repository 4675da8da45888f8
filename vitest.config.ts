import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.ts';

const CAMERA = 'test/journeys/camera/**/*.test.ts';
/** What is tested in one process, file after file: rules, endpoints, stacks and commands, which get everything they need in their arguments. */
const UNIT = 'test/{action/*,bin/**/*,contract/**/*,lambdas/**/*,lib/**/*,local/demo-data/*,web/**/*}.test.{ts,tsx}';

/** What only those use who work on Verified: the daily loop and the gallery. Apart, so that the product's tests stay within their time. */
const TOOLS = ['test/journeys/every-screen.test.ts', 'test/local/start/reload.test.ts'];

/** For projects that start browsers. */
const BROWSERS = { globalSetup: ['test/support/unpack-chromium.ts'] };

export default defineConfig({
  test: {
    // Far above what any test takes on a busy machine: a limit against hanging, not a measurement. No test sets a lower one.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // Two more than the two cores of the smallest machine: browsers and child processes wait much of the time.
    maxWorkers: 4,
    sequence: { sequencer: LongestFirst },
    env: {
      // As on the local platform (local/platform/start-aws.ts): no warning about the Node versions of later SDK releases.
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      // CDK's own look at templates takes longer than making them and only warns; `cdk synth` and `cdk deploy` still have it.
      CDK_VALIDATION: 'false',
    },
    unstubEnvs: true,
    unstubGlobals: true,
    restoreMocks: true,
    projects: [
      // Files share what they import, which saves an eighth of the total time.
      { extends: true, test: { name: 'unit', include: [UNIT], isolate: false } },
      // What starts servers, programs and browsers, and libraries that change their process (environment, `fetch`): one process per file.
      {
        extends: true,
        test: {
          ...BROWSERS,
          name: 'integration',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: [UNIT, CAMERA, ...TOOLS],
        },
      },
      { extends: true, test: { ...BROWSERS, name: 'tools', include: TOOLS } },
      // A recording needs both cores: one file after the other, and after everything else (package.json).
      { extends: true, test: { ...BROWSERS, name: 'camera', include: [CAMERA], fileParallelism: false } },
    ],
  },
});
