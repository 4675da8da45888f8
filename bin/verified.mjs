#!/usr/bin/env node
// `verified`, the command line of this checkout. tsx runs the TypeScript, as everywhere in this project, so that Node 20 can run it too.
import { register } from 'tsx/esm/api';

register();
// Loaded by name: `doctor` needs packages that an installation without development packages lacks.
const { main } =
  process.argv[2] === 'doctor' ? await import('./doctor/main.ts') : await import('../action/installer/main.ts');
await main();
