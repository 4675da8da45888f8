import { apiKeys as apiKeysWords } from './text/en/api-keys.ts';
import { webhooks as webhooksTexts } from './text/en/webhooks.ts';
import { en } from './text/en.ts';

/** One page in the side navigation. */
export interface NavigationEntry {
  /** As in the route table, e.g. `/integrations`. */
  readonly path: string;
  readonly text: string;
}

/**
 * The side navigation, in its order; the portal opens at the first. To add a page: one line here, its route in routes.tsx, its
 * texts in text/en/{page}.ts. Only existing pages are listed. The intended order: Overview, Integrations, Users,
 * Transactions, Audit log, Members, Settings.
 */
export const NAVIGATION: readonly NavigationEntry[] = [
  { path: '/overview', text: en.navigation.overview },
  { path: '/integrations', text: en.navigation.integrations },
  { path: '/users', text: en.navigation.users },
  { path: '/transactions', text: en.navigation.transactions },
  { path: '/audit', text: en.navigation.audit },
  { path: '/people', text: en.navigation.people },
  { path: '/settings', text: en.navigation.settings },
  { path: '/settings/api-keys', text: apiKeysWords.title },
  { path: '/settings/webhooks', text: webhooksTexts.title },
];
