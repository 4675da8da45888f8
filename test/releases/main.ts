import { mkdtempSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildUploads } from '../../bin/build-uploads.ts';
import { createApp } from '../../lib/create-app.ts';
import { readSettings } from '../../lib/settings.ts';
import { Verified } from '../../lib/verified.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { type Deployment, deploymentOf, recordPath, recordText } from '../lib/deployment.ts';
import { SETTINGS_SETS } from '../lib/settings-sets.ts';

// Records what a stage of this release consists of, for the tests of later ones: `npm run record-release`, once, with the release.
await buildUploads();
const deployments = new Map<string, Deployment>();
for (const [name, given] of Object.entries(SETTINGS_SETS)) {
  const folder = mkdtempSync(join(tmpdir(), 'verified-release-'));
  const app = createApp(folder);
  new Verified(
    app,
    'Verified',
    readSettings((setting) => (given as Readonly<Record<string, string>>)[setting]),
  );
  deployments.set(name, deploymentOf(app));
  await rm(folder, { recursive: true, force: true });
}
const path = recordPath(packageJson.version);
await mkdir(dirname(path), { recursive: true });
await writeFile(path, recordText(deployments));
console.log(path);
