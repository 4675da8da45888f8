import { describe, expect, test } from 'vitest';
import { scriptOf, withRetries } from '../../../web/capture/load-part.ts';

const AT_ONCE = [0, 0, 0];

describe('a part that is loaded on demand', () => {
  test('is requested again until it arrives', async () => {
    const tries: number[] = [];
    const load = async (attempt: number): Promise<string> => {
      tries.push(attempt);
      if (attempt < 2) throw new TypeError('lost');
      return 'part';
    };
    expect(await withRetries(load, AT_ONCE)).toBe('part');
    expect(tries).toEqual([0, 1, 2]);
  });

  test('that never arrives is requested four times, and no more', async () => {
    let tries = 0;
    const load = async (): Promise<never> => {
      tries += 1;
      throw new TypeError('lost');
    };
    await expect(withRetries(load, AT_ONCE)).rejects.toThrow('lost');
    expect(tries).toBe(4);
  });

  test.each([
    'Failed to fetch dynamically imported module: https://verify.example.com/capture/assets/liveness-step-AbC_1-x9.js',
    'error loading dynamically imported module: https://verify.example.com/capture/assets/liveness-step-AbC_1-x9.js',
  ])('has its URL in the browser’s message: %s', (message) => {
    expect(scriptOf(new TypeError(message), 'liveness-step')).toBe(
      'https://verify.example.com/capture/assets/liveness-step-AbC_1-x9.js',
    );
  });

  test('has no known URL if the browser’s message has none', () => {
    expect(scriptOf(new TypeError('Importing a module script failed.'), 'liveness-step')).toBeNull();
  });
});
