import * as z from 'zod';
import { INTEGRATION_ID_PATTERN } from '../protocol/derive-keys.ts';
import { HANDOFF_LINK_MAX_LENGTH } from './handoff.ts';
import { SESSION_HANDLE_PATTERN } from './session-handle.ts';

/** Parameters in the paths of routes, by name. A value of another form identifies nothing. */
export const PathParameters = z.object({
  integrationId: z.string().regex(INTEGRATION_ID_PATTERN).meta({ description: 'Integration Id' }),
  webhookId: z
    .string()
    .regex(/^wh_[0-9a-f]{32}$/)
    .meta({ description: 'Id of the webhook' }),
  handle: z.string().regex(SESSION_HANDLE_PATTERN),
  link: z.string().max(HANDOFF_LINK_MAX_LENGTH).meta({ description: 'Works once, for minutes' }),
});
export type PathParameterName = keyof typeof PathParameters.shape;
