import type { Pii } from '../../../contract/protocol/seal-pii.ts';

const HIDDEN = '•••';

const maskAddress = (address: string): string => {
  const [first = ''] = address;
  return `${first}${HIDDEN}${address.slice(address.lastIndexOf('@'))}`;
};

/**
 * A hint by which its owner recognizes the account and a stranger learns little: `a•••@example.com`, else `Alice A.`.
 * Auth0 uses an address as the name if it knows no other, so addresses in names are masked too. Null if nothing is known.
 */
export const maskAccount = (pii: Pii): string | null => {
  const words = pii.name?.trim().split(/\s+/) ?? [];
  const address = [pii.email ?? '', ...words].find((word) => word.lastIndexOf('@') > 0);
  if (address !== undefined) return maskAddress(address).slice(0, 160);
  if (words[0] === undefined || words[0] === '') return null;
  const initial = words.length > 1 ? ` ${[...(words.at(-1) ?? '')][0] ?? ''}.` : '';
  return `${words[0]}${initial}`.slice(0, 160);
};
