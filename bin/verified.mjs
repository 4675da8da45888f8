#!/usr/bin/env node
// `verified`, the command line of this checkout. tsx runs the TypeScript, as everywhere in this project, so that Node 20 can run it too.
import { register } from 'tsx/esm/api';

register();

/** `doctor` reads AWS with packages that an installation without development packages lacks, as a deployment does. */
const loadDoctor = async () => {
  try {
    return await import('./doctor/main.ts');
  } catch (error) {
    if (error?.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    console.error('verified doctor needs the development packages, as a deployment does: run npm ci in a checkout.');
    process.exit(2);
  }
};

const { main } = process.argv[2] === 'doctor' ? await loadDoctor() : await import('../action/installer/main.ts');
await main();
