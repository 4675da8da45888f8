import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { epochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import { editsAfter, mergeEdit, NO_EDITS } from '../../../lambdas/core/model/edits.ts';

const AT = epochSeconds(1_900_000_000);
const edit = (change: object, base: object) => ({
  change: { ...change },
  base: { ...base },
  pointer: '#/options' as const,
});
const row = {
  name: 'A',
  lockout: { tries: 5, seconds: 60 },
  domains: ['a.example'],
  consent: { version: '1', text: 'x' },
};

describe('an edit is merged with what others have changed since', () => {
  test('in other fields, even of the same group', () => {
    const now = { ...row, lockout: { tries: 3, seconds: 60 } };
    const merged = mergeEdit(now, NO_EDITS, edit({ lockout: { seconds: 90 } }, { lockout: { seconds: 60 } }));
    expect(merged).toEqual({ ...row, lockout: { tries: 3, seconds: 90 } });
  });

  test('to the same value, without a conflict', () => {
    const now = { ...row, name: 'B' };
    expect(mergeEdit(now, NO_EDITS, edit({ name: 'B' }, { name: 'A' }))).toEqual(now);
  });

  test('but not to another value: a conflict with field, both values, who and when', () => {
    const now = { ...row, lockout: { tries: 3, seconds: 60 }, name: 'B' };
    const edits = { version: 2, fields: { 'lockout.tries': { by: 'ann@example.com', at: AT } } };
    const both = edit({ lockout: { tries: 4 }, name: 'C' }, { lockout: { tries: 5 }, name: 'A' });
    const conflicts = [
      { pointer: '#/options/lockout/tries', yours: 4, theirs: 3, by: 'ann@example.com', at: AT },
      { pointer: '#/options/name', yours: 'C', theirs: 'B', by: null, at: null },
    ];
    expect(() => mergeEdit(now, edits, both)).toThrow(
      expect.objectContaining({ code: 'changed-meanwhile', conflicts }),
    );
  });

  test('a list is one field', () => {
    const now = { ...row, domains: ['a.example', 'b.example'] };
    const own = edit({ domains: ['a.example', 'c.example'] }, { domains: ['a.example'] });
    expect(() => mergeEdit(now, NO_EDITS, own)).toThrow(expect.objectContaining({ code: 'changed-meanwhile' }));
  });

  test('fields of one meaning change together, and the conflict is reported once', () => {
    const now = { ...row, consent: { version: '2', text: 'y' } };
    const unit = [['consent.text', 'consent.version']] as const;
    const own = edit({ consent: { version: '2', text: 'z' } }, { consent: { version: '1' } });
    const conflicts = [{ pointer: '#/options/consent/text', yours: 'z', theirs: 'y', by: null, at: null }];
    expect(() => mergeEdit(now, NO_EDITS, own, unit)).toThrow(expect.objectContaining({ conflicts }));
  });

  test('a field that is sent as it was loaded is not a change', () => {
    const now = { ...row, name: 'B' };
    expect(mergeEdit(now, NO_EDITS, edit({ name: 'A', domains: ['c.example'] }, row))).toEqual({
      ...now,
      domains: ['c.example'],
    });
  });

  test('a field without base is written regardless of its current value', () => {
    const now = { ...row, name: 'B' };
    expect(mergeEdit(now, NO_EDITS, edit({ name: 'C' }, {}))).toEqual({ ...row, name: 'C' });
  });
});

test('an edit that changes nothing is not recorded', () => {
  expect(editsAfter(NO_EDITS, row, structuredClone(row), { by: 'a', at: AT })).toBeNull();
  expect(editsAfter(NO_EDITS, row, { ...row, lockout: { tries: 4, seconds: 60 } }, { by: 'a', at: AT })).toEqual({
    version: 1,
    fields: { 'lockout.tries': { by: 'a', at: AT } },
  });
});

const value = fc.integer({ min: 0, max: 2 });
const state = fc.record({ a: value, group: fc.record({ b: value, c: value }) });

test('three-way merge: an edit applies what its author changed, keeps what others changed, and is refused only if both changed one field to different values', () => {
  fc.assert(
    fc.property(state, state, state, (base, theirs, yours) => {
      const fields = (of: typeof base) => [of.a, of.group.b, of.group.c];
      const [seen, now, wanted] = [fields(base), fields(theirs), fields(yours)];
      const isConflict = seen.map(
        (was, index) => wanted[index] !== was && now[index] !== was && wanted[index] !== now[index],
      );
      const changed = (of: number) => wanted[of] !== seen[of];
      const change = {
        ...(changed(0) ? { a: yours.a } : {}),
        group: { ...(changed(1) ? { b: yours.group.b } : {}), ...(changed(2) ? { c: yours.group.c } : {}) },
      };
      const merge = () => mergeEdit(theirs, NO_EDITS, edit(change, base)) as typeof base;
      if (isConflict.includes(true)) expect(merge).toThrow(expect.objectContaining({ code: 'changed-meanwhile' }));
      else expect(fields(merge())).toEqual(now.map((is, index) => (changed(index) ? wanted[index] : is)));
    }),
  );
});
