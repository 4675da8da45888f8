import { publicDestinations } from '../core/webhooks/destination.ts';
import { housekeepingHandler } from '../housekeeping-composition.ts';

export const handler = housekeepingHandler(publicDestinations);
