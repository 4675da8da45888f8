/** Texts of an integration's page of secrets and deletion. */
export const secrets = {
  title: 'Session Secret',
  text: 'The secret itself is stored nowhere. Secrets are told apart by their fingerprints.',
  fingerprint: 'Fingerprint',
  state: 'State',
  current: 'Current',
  since: 'Created',
  lastUsed: 'Last login signed with it',
  notUsed: 'None on record',
  ends: 'Accepted until',
  left: (text: string) => `${text} left`,
  rotate: 'Rotate',
  rotateTitle: 'Rotate the Session Secret',
  rotateText:
    'A new secret is created and shown once. The old one is accepted for the time you choose. Put the new one into the Action before that time ends; otherwise logins fail.',
  ending: 'Two secrets are accepted. Which one ends now?',
  endingText:
    'End the one that your Action does not hold. The column above shows when a login was last signed with each.',
  endingHelp: (isUsed: boolean, isCurrent: boolean) =>
    `${isCurrent ? 'The current one' : 'The earlier one'}; ${isUsed ? 'logins were signed with it' : 'no login has been signed with it yet'}`,
  choose: 'Choose one',
  endsUsed: (fingerprint: string) =>
    `Logins are signed with ${fingerprint}. They fail from now on, until the Action has another secret.`,
  overlapOfOther: 'The other one is accepted for at least',
  overlap: 'The old secret is accepted for',
  overlaps: { '0': 'Not at all', '3600': '1 hour', '86400': '1 day', '604800': '7 days' },
  cancel: 'Cancel',
  endNow: 'Logins fail from now on, until the Action has the new secret.',
};

export const remove = {
  title: 'Delete this integration',
  text: 'Logins that ask for a face will then fail. All its users and faces are deleted within a minute. This cannot be undone.',
  button: 'Delete',
  type: (name: string) => `Type ${name} to confirm`,
  wrong: 'This is not the name of the integration.',
  done: (name: string) => `${name} has been deleted. Its users and faces are being deleted.`,
  onlyOwners: 'Only owners can rotate secrets and delete integrations.',
};
