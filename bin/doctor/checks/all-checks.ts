import { CAPACITY } from './capacity.ts';
import type { Check } from './check.ts';
import { DATA } from './data.ts';
import { DEPLOYMENT } from './deployment.ts';
import { EDGE } from './edge.ts';
import { OPERATIONS } from './operations.ts';
import { PEOPLE } from './people.ts';

/** Every check, in the order of the report. docs/doctor.md lists them; a test compares. */
export const CHECKS: readonly Check[] = [...DEPLOYMENT, ...CAPACITY, ...EDGE, ...DATA, ...PEOPLE, ...OPERATIONS];
