import { defineConfig } from 'vitest/config';

const CAMERA = 'test/journeys/camera/**/*.test.ts';
/** What is tested in one process, file after file: rules and endpoints, which find everything they need in their arguments. */
const PARTS = 'test/{action,backend,contract,core,endpoints,portal,protocol,web,webhooks}/**/*.test.{ts,tsx}';

export default defineConfig({
  test: {
    globalSetup: ['test/support/unpack-chromium.ts'],
    // Far above what any test takes: a limit against hanging, not a measurement.
    testTimeout: 60_000,
    hookTimeout: 90_000,
    // One more than the two cores of the smallest machine: browsers and child processes wait a good part of the time.
    maxWorkers: 3,
    unstubEnvs: true,
    unstubGlobals: true,
    restoreMocks: true,
    projects: [
      // Files share what they import, which saves an eighth of the whole time.
      { extends: true, test: { name: 'parts', include: [PARTS], isolate: false } },
      // What starts servers, programs and browsers, and libraries that change their process (environment, `fetch`): a process a file.
      { extends: true, test: { name: 'wholes', include: ['test/**/*.test.{ts,tsx}'], exclude: [PARTS, CAMERA] } },
      // A film needs both cores: one file after the other, and after everything else (package.json).
      { extends: true, test: { name: 'camera', include: [CAMERA], fileParallelism: false } },
    ],
  },
});
