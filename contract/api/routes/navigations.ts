import * as z from 'zod';
import { SESSION_TOKEN_MAX_LENGTH, STATE_MAX_LENGTH } from '../../protocol/session-token.ts';
import { HandoffForm } from '../handoff.ts';
import type { NavigationRoute, RouteTable } from './definition.ts';

/** Where Auth0 sends a browser, and where the capture page sends it back. */
export const LOGIN_NAVIGATIONS = {
  openSession: {
    method: 'GET',
    path: '/s/{integrationId}',
    query: z.object({
      session_token: z.string().max(SESSION_TOKEN_MAX_LENGTH).meta({ description: 'JWT of the Action; valid once' }),
      state: z.string().max(STATE_MAX_LENGTH).meta({ description: 'Auth0’s state, returned unchanged' }),
    }),
    answers: { 204: 'empty', 303: 'redirect' },
  },
  returnToLogin: {
    method: 'GET',
    path: '/s/return/{handle}',
    answers: { 200: 'page', 204: 'empty', 303: 'redirect' },
  },
} as const satisfies RouteTable<NavigationRoute>;

/** Where a handoff link leads. */
export const HANDOFF_NAVIGATIONS = {
  showHandoff: {
    method: 'GET',
    path: '/s/device/{link}',
    answers: { 200: 'page', 204: 'empty', 303: 'redirect' },
  },
  openHandoff: {
    method: 'POST',
    path: '/s/device',
    form: HandoffForm,
    answers: { 200: 'page', 303: 'redirect' },
  },
} as const satisfies RouteTable<NavigationRoute>;
