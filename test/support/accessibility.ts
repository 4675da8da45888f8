import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type axe from 'axe-core';
import type { Page } from 'playwright-core';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

interface Scope {
  /** Selectors of parts that are not checked. */
  readonly exclude?: readonly string[];
  /** Tags of the rules to run; without them, all rules that axe runs by default. */
  readonly tags?: readonly string[];
}

/**
 * What axe finds on the current page: rule and first element, as text. The engine is injected into a document once, however often it is
 * called there.
 */
export const findingsOf = async (page: Page, { exclude = [], tags }: Scope = {}): Promise<readonly string[]> => {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(await readFile(AXE, 'utf8'));
  return page.evaluate(
    async ([without, rules]) => {
      const engine = (window as unknown as { axe: typeof axe }).axe;
      const { violations } = await engine.run(
        { exclude: without.map((selector) => [selector]) },
        { resultTypes: ['violations'], ...(rules === null ? {} : { runOnly: [...rules] }) },
      );
      return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
    },
    [exclude, tags ?? null] as const,
  );
};

/** What axe finds in light and in dark mode. */
export const findingsInBothSchemes = async (page: Page, scope: Scope = {}): Promise<readonly string[]> => {
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    found.push(...(await findingsOf(page, scope)).map((finding) => `${colorScheme} ${finding}`));
  }
  return found;
};
