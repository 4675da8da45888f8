#!/usr/bin/env node
// `verified`, the command line of this checkout. tsx runs the TypeScript, as everywhere in this project, so that Node 20 can run it too.
import { register } from 'tsx/esm/api';

register();
const { main } = await import('../action/installer/main.ts');
await main();
