import { expect, test } from 'vitest';
import type { DeployedStack } from './deployment.ts';
import type { ResourceFacts } from './resource-facts.ts';
import { upgradeFaults } from './upgrade-faults.ts';

type Parts = { exports?: Record<string, string>; imports?: string[]; kept?: Record<string, ResourceFacts> };

const stack = (name: string, { exports = {}, imports = [], kept = {} }: Parts = {}): DeployedStack => ({
  name,
  exports: new Map(Object.entries(exports)),
  imports: new Set(imports),
  kept: new Map(Object.entries(kept)),
});

const table = (key: string, ...indexes: string[]): ResourceFacts => ({
  type: 'AWS::DynamoDB::Table',
  properties: { KeySchema: key },
  indexes,
});

test('an export is not taken from a stack that still imports it when its own stack is updated', () => {
  const before = [stack('a', { exports: { x: '1' } }), stack('b', { imports: ['x'] })];
  expect(upgradeFaults(before, before)).toEqual([]);
  expect(upgradeFaults(before, [stack('a'), stack('b')])).toEqual(['a loses or changes x, which b imports']);
  expect(upgradeFaults(before, [stack('a', { exports: { x: '2' } }), stack('b', { imports: ['x'] })])).toHaveLength(1);
  // The importer is updated first, and no longer imports it.
  expect(upgradeFaults(before, [stack('b'), stack('a')])).toEqual([]);
  // A stack that the settings no longer ask for stays as it is.
  expect(upgradeFaults(before, [stack('a')])).toEqual(['a loses or changes x, which b imports']);
});

test('an import needs an export that is there when its stack is updated', () => {
  const after = [stack('b', { imports: ['x'] }), stack('a', { exports: { x: '1' } })];
  expect(upgradeFaults([], after)).toEqual(['b imports x, which nothing exports']);
  expect(upgradeFaults([], [...after].reverse())).toEqual([]);
});

test('what holds data is neither removed nor replaced, and no table changes two indexes at a time', () => {
  const before = [stack('a', { kept: { t: table('id', 'one') } })];
  expect(upgradeFaults(before, [stack('a')])).toEqual(['a removes t']);
  expect(upgradeFaults(before, [stack('a', { kept: { t: table('other', 'one') } })])).toEqual(['a replaces t']);
  expect(upgradeFaults(before, [stack('a', { kept: { t: table('id', 'one', 'two') } })])).toEqual([]);
  expect(upgradeFaults(before, [stack('a', { kept: { t: table('id', 'two') } })])).toEqual([
    'a changes 2 indexes of t',
  ]);
});
