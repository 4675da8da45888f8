import type { Scope } from '../../../../contract/api/portal/api-keys.ts';

/** Words of Settings → API keys. */
export const apiKeys = {
  title: 'API keys',
  description:
    'With a key your own backend asks how a user stands, and deletes users. Never put one into a web page or an app.',
  count: (count: number) => `(${count})`,
  emptyTitle: 'No API key yet',
  emptyText: 'Make one for each backend, so that each can be revoked alone.',
  columns: {
    name: 'Name',
    key: 'Key',
    scopes: 'May',
    integration: 'Integration',
    created: 'Created',
    lastUsed: 'Last used',
    expires: 'Ends',
    actions: 'Actions',
  },
  beginning: (keyId: string) => `vfd_live_${keyId.slice(0, 6)}…`,
  allIntegrations: 'All of the account',
  neverUsed: 'Not yet',
  neverEnds: 'Never',
  make: 'New API key',
  revoke: 'Revoke',
  revokeName: (name: string) => `Revoke ${name}`,
  revokeTitle: (name: string) => `Revoke “${name}”?`,
  revokeText: 'Whatever uses this key is refused from its next call on. It cannot be undone; make a new key instead.',
  revoked: 'The key is revoked.',
  cancel: 'Cancel',
  form: {
    name: 'Name',
    nameHelp: 'Which backend uses it; 1 to 80 characters.',
    scopes: 'What it may do',
    scopesHelp: 'As little as its backend needs.',
    scope: {
      'users:read': 'See whether a user is enrolled or locked',
      'users:delete': 'Delete users with their faces',
    } satisfies Record<Scope, string>,
    integration: 'Integration',
    integrationHelp: 'A key that is limited to one integration sees no other.',
    expires: 'Ends by itself',
    expiresHelp: 'Keys that nobody needs any more are the ones that leak.',
    never: 'Never',
    days: (days: number) => `After ${days} days`,
    create: 'Make the key',
  },
  shown: {
    title: 'Your new API key',
    text: 'Copy it now: it is shown once and stored nowhere.',
    label: 'API key',
  },
};
