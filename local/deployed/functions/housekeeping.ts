import { housekeepingHandler } from '../../../lambdas/composition/housekeeping.ts';
import { localDestinations } from '../../webhooks/local-destinations.ts';

/** In place of the deployed entry file, which allows webhooks to public addresses only. */
export const handler = housekeepingHandler(localDestinations);
