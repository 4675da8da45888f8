import type { Fields } from './access-line.ts';

/**
 * Whether a JSON metric filter matches. It knows equality of texts and `&&`, and throws for anything else.
 * Source: CloudWatch Logs user guide, "Filter pattern syntax for metric filters", JSON.
 */
export const matchesFilter = (pattern: string, fields: Fields): boolean => {
  const inner = pattern.match(/^\{ (.+) \}$/)?.[1];
  if (inner === undefined) throw new Error(`no JSON filter: ${pattern}`);
  return inner.split(' && ').every((part) => {
    const [, name, value] = part.match(/^\(?\$\.(\w+) = "([^"*]*)"\)?$/) ?? [];
    if (name === undefined || value === undefined) throw new Error(`unknown in a filter: ${part}`);
    return fields[name] === value;
  });
};
