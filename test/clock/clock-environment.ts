import { VARIABLE } from './moved-clock.cjs';

/** What a process that gets nothing else of this one's environment needs so that its clock is the tests'. */
export const clockEnvironment = (): Record<string, string> =>
  Object.fromEntries(
    ['NODE_OPTIONS', VARIABLE, 'TZ'].flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
