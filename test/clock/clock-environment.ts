import { VARIABLE } from './moved-clock.cjs';

/** What a process that inherits nothing else from this one's environment needs in order to use the tests' clock. */
export const clockEnvironment = (): Record<string, string> =>
  Object.fromEntries(
    ['NODE_OPTIONS', VARIABLE, 'TZ'].flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
