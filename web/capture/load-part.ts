/** Waits before the second, third and last try. */
const WAITS_MS = [300, 1000, 2500] as const;

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Runs `load` until it succeeds, four times at most.
 * @param load called with the number of the try, from 0, and the last failure
 * @throws what the last try threw
 */
export const withRetries = async <Part>(
  load: (attempt: number, lastError: unknown) => Promise<Part>,
  waitsMs: readonly number[] = WAITS_MS,
): Promise<Part> => {
  let lastError: unknown = null;
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await load(attempt, lastError);
    } catch (error) {
      const ms = waitsMs[attempt];
      if (ms === undefined) throw error;
      lastError = error;
      await wait(ms);
    }
  }
};

/** URL of the script that failed to load, from the browser's message; null if it is not in there. */
export const scriptOf = (error: unknown, name: string): string | null => {
  const said = error instanceof Error ? /https?:\S+\.js/.exec(error.message)?.[0] : undefined;
  if (said !== undefined) return said;
  const isPart = new RegExp(`/${name}-[\\w-]+\\.js$`);
  return performance.getEntriesByType('resource').find((entry) => isPart.test(entry.name))?.name ?? null;
};

/**
 * Loads a part of the page's script on demand. Firefox and Safari remember a script that failed to load and never request it
 * again (vitejs/vite#11804), so a retry uses another URL.
 * @param name of the part's file, without its hash
 * @throws TypeError of the last try
 */
export const loadPart = <Part>(name: string, load: () => Promise<Part>): Promise<Part> =>
  withRetries(async (attempt, lastError) => {
    const script = attempt === 0 ? null : scriptOf(lastError, name);
    return script === null ? load() : ((await import(/* @vite-ignore */ `${script}?again=${attempt}`)) as Part);
  });

/** Loads a style sheet; resolves when it applies. @throws Error after the last try */
export const loadStyles = (href: string): Promise<void> =>
  withRetries(
    () =>
      new Promise<void>((resolve, reject) => {
        const link = document.createElement('link');
        link.rel = 'stylesheet';
        link.href = href;
        link.addEventListener('load', () => resolve());
        link.addEventListener('error', () => {
          link.remove();
          reject(new Error('a style sheet did not arrive'));
        });
        document.head.append(link);
      }),
  );
