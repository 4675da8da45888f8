import { automationHandler } from '../automation-composition.ts';
import { publicDestinations } from '../core/webhooks/destination.ts';

export const handler = automationHandler(publicDestinations);
