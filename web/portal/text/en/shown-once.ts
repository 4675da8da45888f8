/** Texts for what is shown once. */
export const shownOnce = {
  copyOf: (label: string) => `Copy the ${label}`,
  copied: 'Copied',
  notCopied: 'Could not copy. Select it and copy it yourself.',
  stored: 'I have stored it',
  done: 'Done',
};
