import { afterAll, beforeAll } from 'vitest';
import { closeWorld, makeWorld } from './made-world.ts';
// Their tests run here, so that the templates are synthesized and the platform is started once for all of them, in this order.
import './edge.ts';
import './logins.ts';
import './portal-acts.ts';
import './later-jobs.ts';
import './planted-faults.ts';
import './unused-grants.ts';

beforeAll(makeWorld);
afterAll(closeWorld);
