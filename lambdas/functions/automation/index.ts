import { automationHandler } from '../../composition/automation.ts';
import { publicDestinations } from '../../core/webhooks/destination.ts';

export const handler = automationHandler(publicDestinations);
