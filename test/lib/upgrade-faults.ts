import { isDeepStrictEqual } from 'node:util';
import type { DeployedStack, Deployment } from './deployment.ts';

/** Exports that a stack would lose or change while another stack imports them, which CloudFormation refuses. */
const lostExports = (live: ReadonlyMap<string, DeployedStack>, next: DeployedStack): readonly string[] => {
  const present = live.get(next.name);
  if (present === undefined) return [];
  const others = [...live.values()].filter(({ name }) => name !== next.name);
  return [...present.exports].flatMap(([exported, value]) => {
    if (next.exports.get(exported) === value) return [];
    return others
      .filter(({ imports }) => imports.has(exported))
      .map(({ name }) => `${next.name} loses or changes ${exported}, which ${name} imports`);
  });
};

const missingImports = (live: ReadonlyMap<string, DeployedStack>, next: DeployedStack): readonly string[] => {
  const exported = new Set([...live.values()].flatMap(({ exports }) => [...exports.keys()]));
  return [...next.imports]
    .filter((name) => !exported.has(name))
    .map((name) => `${next.name} imports ${name}, which nothing exports`);
};

/** Resources that would be deleted or replaced although they hold something. */
const lostResources = (present: DeployedStack, next: DeployedStack): readonly string[] =>
  [...present.kept].flatMap(([id, before]) => {
    const after = next.kept.get(id);
    if (after === undefined) return [`${next.name} removes ${id}`];
    if (after.type !== before.type || !isDeepStrictEqual(after.properties, before.properties)) {
      return [`${next.name} replaces ${id}`];
    }
    const changed = [
      ...before.indexes.filter((index) => !after.indexes.includes(index)),
      ...after.indexes.filter((index) => !before.indexes.includes(index)),
    ];
    // DynamoDB developer guide, "Service, account, and table quotas": one index is created or deleted in an update.
    return changed.length > 1 ? [`${next.name} changes ${changed.length} indexes of ${id}`] : [];
  });

/**
 * Deploys `after` over `before` as `cdk deploy --all` does, stack by stack.
 * @returns what CloudFormation would refuse, and what would be lost; one sentence each
 */
export const upgradeFaults = (before: Deployment, after: Deployment): readonly string[] => {
  const live = new Map(before.map((stack) => [stack.name, stack]));
  return after.flatMap((next) => {
    const present = live.get(next.name);
    const faults = [...lostExports(live, next), ...(present === undefined ? [] : lostResources(present, next))];
    live.set(next.name, next);
    return [...faults, ...missingImports(live, next)];
  });
};
