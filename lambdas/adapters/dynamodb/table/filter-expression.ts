/** Members that have to equal what is wanted, as DynamoDB takes them; those that are null are not asked for. */
export const equalTo = (wanted: Readonly<Record<string, string | null>>) => {
  const asked = Object.entries(wanted).filter(([, value]) => value !== null);
  return {
    isEmpty: asked.length === 0,
    expression:
      asked.length === 0
        ? {}
        : {
            FilterExpression: asked.map(([name]) => `#${name} = :${name}`).join(' AND '),
            ExpressionAttributeNames: Object.fromEntries(asked.map(([name]) => [`#${name}`, name])),
          },
    values: Object.fromEntries(asked.map(([name, value]) => [`:${name}`, value])),
  };
};
