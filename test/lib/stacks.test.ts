import { afterAll, beforeAll } from 'vitest';
import { makeStages, removeStages } from './stacks/made-stages.ts';
// Their tests run here, so that every stage is synthesized once for all of them.
import './stacks/every-stage.ts';
import './stacks/permissions.ts';
import './stacks/operators.ts';
import './stacks/front-door.ts';
import './stacks/operations.ts';
import './stacks/log-formats.ts';
import './stacks/formats.ts';
import './stacks/documents.ts';
import './stacks/findings.ts';

beforeAll(makeStages, 120_000);
afterAll(removeStages);
