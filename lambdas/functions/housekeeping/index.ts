import { housekeepingHandler } from '../../composition/housekeeping.ts';
import { publicDestinations } from '../../core/webhooks/destination.ts';

export const handler = housekeepingHandler(publicDestinations);
