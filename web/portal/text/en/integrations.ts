/** Words of the pages below Integrations. */
export const integrations = {
  title: 'Integrations',
  description: 'Each integration joins one Auth0 tenant, or one use of it, to the face check.',
  count: (count: number) => `(${count})`,
  emptyTitle: 'No integration yet',
  emptyText: 'An integration joins your Auth0 tenant to the face check.',
  find: 'Find by name, id or domain',
  found: (count: number) => (count === 1 ? '1 match' : `${count} matches`),
  noMatch: 'No integration matches',
  clear: 'Show all',
  columns: { name: 'Name', id: 'Integration Id', domains: 'Auth0 domains', state: 'State', created: 'Created' },
  enabled: 'Enabled',
  disabled: 'Disabled',
};
