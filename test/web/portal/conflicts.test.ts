import { describe, expect, test } from 'vitest';
import { decided, rebased } from '../../../web/portal/pages/integrations/use-option-values.ts';

const loaded = { name: 'Shop', attempts: '3', 'consent.text': 'Words', 'consent.version': '1' };
const draft = { seen: loaded, values: { ...loaded, name: 'My shop' } };

describe('a form over fields that were loaded anew', () => {
  test('keeps what was typed and what was seen there, and shows what others changed elsewhere', () => {
    const now = { ...loaded, name: 'Their shop', attempts: '2' };
    expect(rebased(draft, now)).toEqual({
      seen: { ...now, name: 'Shop' },
      values: { ...now, name: 'My shop' },
    });
  });

  test('has nothing left to save once it stands as it was typed', () => {
    const now = { ...loaded, name: 'My shop' };
    expect(rebased(draft, now)).toEqual({ seen: now, values: now });
  });

  test('T75 keeps a consent’s version with its words: what was seen of one was seen of both', () => {
    const own = { seen: loaded, values: { ...loaded, 'consent.text': 'My words' } };
    const now = { ...loaded, 'consent.text': 'Their words', 'consent.version': '2' };
    expect(rebased(own, now).seen).toMatchObject({ 'consent.text': 'Words', 'consent.version': '1' });
  });
});

describe('a decision', () => {
  const now = { ...loaded, name: 'Their shop', 'consent.text': 'Their words', 'consent.version': '2' };

  test('for mine keeps the value and has seen theirs; for theirs takes it', () => {
    const mine = decided(draft, now, 'name', true);
    expect([mine.seen['name'], mine.values['name']]).toEqual(['Their shop', 'My shop']);
    const theirs = decided(draft, now, 'name', false);
    expect([theirs.seen['name'], theirs.values['name']]).toEqual(['Their shop', 'Their shop']);
    expect(theirs.values['attempts']).toBe('3');
  });

  test('T75 for my words lets them get a version of their own', () => {
    const own = { seen: loaded, values: { ...loaded, 'consent.text': 'My words' } };
    const mine = decided(own, now, 'consent.text', true);
    expect(mine.values).toMatchObject({ 'consent.text': 'My words', 'consent.version': '2' });
    expect(mine.seen).toMatchObject({ 'consent.text': 'Their words', 'consent.version': '2' });
    const named = decided({ ...own, values: { ...own.values, 'consent.version': 'v7' } }, now, 'consent.text', true);
    expect(named.values['consent.version']).toBe('v7');
    expect(decided(own, now, 'consent.text', false).values).toMatchObject({ 'consent.version': '2' });
  });
});
