import type { Pii } from '../../contract/protocol/seal-pii.ts';

const HIDDEN = '•••';

/**
 * A hint by which the right person knows the account and a stranger learns little: `a•••@example.com`, else `Alice A.`.
 * Null if neither address nor name is known.
 */
export const maskAccount = (pii: Pii): string | null => {
  const at = pii.email?.lastIndexOf('@') ?? -1;
  if (pii.email !== undefined && at > 0) {
    const [first = ''] = pii.email;
    return `${first}${HIDDEN}${pii.email.slice(at)}`.slice(0, 160);
  }
  const words = pii.name?.trim().split(/\s+/) ?? [];
  if (words[0] === undefined || words[0] === '') return null;
  const initial = words.length > 1 ? ` ${[...(words.at(-1) ?? '')][0] ?? ''}.` : '';
  return `${words[0]}${initial}`.slice(0, 160);
};
