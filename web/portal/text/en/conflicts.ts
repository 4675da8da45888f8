/** Words for fields that two people changed. */
export const conflicts = {
  title: 'Somebody else changed the same fields',
  text: 'Nothing is saved yet, and nothing you typed is lost. Decide at each marked field which value stays, then save.',
  by: (who: string) => `${who} changed this after you opened the page`,
  unknown: 'Somebody',
  theirs: 'Their value',
  empty: '(empty)',
  keep: 'Keep mine',
  take: 'Take theirs',
  keepOf: (label: string) => `Keep mine: ${label}`,
  takeOf: (label: string) => `Take theirs: ${label}`,
};
