import { automationHandler } from '../../../lambdas/composition/automation.ts';
import { localDestinations } from '../../webhooks/local-destinations.ts';

/** In place of the deployed entry file, which allows webhooks to public addresses only. */
export const handler = automationHandler(localDestinations);
