import type { Settings } from '../../lib/settings.ts';

type Named = Pick<Settings, 'stage' | 'region' | 'account'>;

/** A template without values that change with every source file, and without its stage's name, region and account. */
const masked = (template: object, { stage, region, account }: Named): Record<string, unknown> =>
  JSON.parse(
    JSON.stringify(template)
      .replaceAll(/[0-9a-f]{64}/g, 'HASH')
      .replaceAll(/DeploymentResource[0-9A-F]{8}/g, 'DeploymentResourceHASH')
      .replaceAll(`verified-${stage}`, 'verified-STAGE')
      .replaceAll(`"Value":"${stage}"`, '"Value":"STAGE"')
      .replaceAll(`Verified ${stage}`, 'Verified STAGE')
      .replaceAll(region, 'REGION')
      .replaceAll(account ?? 'ACCOUNT', 'ACCOUNT'),
  );

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A template as sorted lines, one for each property of each resource, so that a diff shows exactly what a change touches. */
export const templateLines = (template: object, settings: Named): readonly string[] =>
  Object.entries(masked(template, settings))
    .flatMap(([section, members]) =>
      Object.entries(isRecord(members) ? members : { is: members }).flatMap(([id, member]) => {
        if (!isRecord(member)) return [`${section} ${id} = ${JSON.stringify(member)}`];
        const { Properties, ...rest } = member;
        return [
          ...Object.entries(rest).map(([name, value]) => `${section} ${id} ${name} = ${JSON.stringify(value)}`),
          ...Object.entries(isRecord(Properties) ? Properties : {}).map(
            ([name, value]) => `${section} ${id} . ${name} = ${JSON.stringify(value)}`,
          ),
        ];
      }),
    )
    .sort();

/** Lines that the second one lacks (`-`) and adds (`+`). */
export const lineChanges = (first: readonly string[], second: readonly string[]): readonly string[] => {
  const [before, after] = [new Set(first), new Set(second)];
  return [
    ...first.filter((line) => !after.has(line)).map((line) => `- ${line}`),
    ...second.filter((line) => !before.has(line)).map((line) => `+ ${line}`),
  ].sort((a, b) => (a.slice(2) < b.slice(2) ? -1 : a.slice(2) > b.slice(2) ? 1 : 0));
};
