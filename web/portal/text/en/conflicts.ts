/** Texts for fields that two operators changed. */
export const conflicts = {
  title: 'Someone else changed the same fields',
  text: 'Nothing has been saved yet, and nothing you typed is lost. For each marked field, choose which value to keep, then save.',
  by: (who: string) => `${who} changed this after you opened the page`,
  unknown: 'Someone',
  theirs: 'Their value',
  empty: '(empty)',
  keep: 'Keep mine',
  take: 'Take theirs',
  keepOf: (label: string) => `Keep mine: ${label}`,
  takeOf: (label: string) => `Take theirs: ${label}`,
};
