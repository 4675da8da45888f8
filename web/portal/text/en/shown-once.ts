/** Words of what is shown once. */
export const shownOnce = {
  copyOf: (label: string) => `Copy the ${label}`,
  copied: 'Copied',
  notCopied: 'Could not copy; select it and copy it yourself',
  stored: 'I have stored it',
  done: 'Done',
};
