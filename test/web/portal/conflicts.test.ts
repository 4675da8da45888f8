import { describe, expect, test } from 'vitest';
import { decided, rebased } from '../../../web/portal/pages/integrations/use-option-values.ts';

const loaded = { name: 'Shop', attempts: '3', 'consent.text': 'Words', 'consent.version': '1' };
const draft = { seen: loaded, values: { ...loaded, name: 'My shop' } };

describe('a form over reloaded fields', () => {
  test('keeps typed values and what was seen there, and shows changes of others elsewhere', () => {
    const now = { ...loaded, name: 'Their shop', attempts: '2' };
    expect(rebased(draft, now)).toEqual({
      seen: { ...now, name: 'Shop' },
      values: { ...now, name: 'My shop' },
    });
  });

  test('has nothing to save once the stored value equals the typed one', () => {
    const now = { ...loaded, name: 'My shop' };
    expect(rebased(draft, now)).toEqual({ seen: now, values: now });
  });

  test('T75 keeps a consent version with its text: seeing one means seeing both', () => {
    const own = { seen: loaded, values: { ...loaded, 'consent.text': 'My words' } };
    const now = { ...loaded, 'consent.text': 'Their words', 'consent.version': '2' };
    expect(rebased(own, now).seen).toMatchObject({ 'consent.text': 'Words', 'consent.version': '1' });
  });
});

describe('a decision', () => {
  const now = { ...loaded, name: 'Their shop', 'consent.text': 'Their words', 'consent.version': '2' };

  test('for “mine” keeps the typed value and has seen the other; for “theirs” takes the other', () => {
    const mine = decided(draft, now, 'name', true);
    expect([mine.seen['name'], mine.values['name']]).toEqual(['Their shop', 'My shop']);
    const theirs = decided(draft, now, 'name', false);
    expect([theirs.seen['name'], theirs.values['name']]).toEqual(['Their shop', 'Their shop']);
    expect(theirs.values['attempts']).toBe('3');
  });

  test('T75 for the typed text lets it get a new version', () => {
    const own = { seen: loaded, values: { ...loaded, 'consent.text': 'My words' } };
    const mine = decided(own, now, 'consent.text', true);
    expect(mine.values).toMatchObject({ 'consent.text': 'My words', 'consent.version': '2' });
    expect(mine.seen).toMatchObject({ 'consent.text': 'Their words', 'consent.version': '2' });
    const named = decided({ ...own, values: { ...own.values, 'consent.version': 'v7' } }, now, 'consent.text', true);
    expect(named.values['consent.version']).toBe('v7');
    expect(decided(own, now, 'consent.text', false).values).toMatchObject({ 'consent.version': '2' });
  });
});
