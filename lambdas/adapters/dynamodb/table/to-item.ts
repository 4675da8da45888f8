/** A row as it is stored: absent instead of null, so that conditions can ask `attribute_not_exists`. */
export const toItem = (value: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null && member !== undefined));
