/**
 * A filter by members that have to equal a value, or one of several; those that are null are not filtered by.
 */
export const equalTo = (wanted: Readonly<Record<string, string | readonly string[] | null>>) => {
  const asked = Object.entries(wanted).flatMap(([name, value]) => {
    if (value === null) return [];
    const places = [value].flat().map((one, at) => [`:${name}${at === 0 ? '' : at}`, one] as const);
    return [{ name, places }];
  });
  return {
    isEmpty: asked.length === 0,
    expression:
      asked.length === 0
        ? {}
        : {
            FilterExpression: asked
              .map(({ name, places }) => `#${name} IN (${places.map(([place]) => place).join(', ')})`)
              .join(' AND '),
            ExpressionAttributeNames: Object.fromEntries(asked.map(({ name }) => [`#${name}`, name])),
          },
    values: Object.fromEntries(asked.flatMap(({ places }) => places)),
  };
};
