import type { Finding } from '../lib/judge-findings.ts';
import type { Need } from './tools/missing-tools.ts';

/** Names as `npm run oracles -- NAME` takes them. */
export const ORACLE_NAMES = ['cfn-lint', 'checkov', 'control-tower', 'policies', 'deployment', 'dynamodb'] as const;
export type OracleName = (typeof ORACLE_NAMES)[number];

/** What an oracle says. */
export interface Verdict extends Finding {
  /** Stages and stacks, as `prod web`, in which it says so. */
  readonly where: readonly string[];
  readonly message: string;
}

/** A foreign program that can contradict what Verified believes of itself. */
export interface Oracle {
  readonly name: OracleName;
  /** Without these it is skipped. */
  readonly needs: readonly Need[];
  /**
   * @throws Error if the oracle cannot be installed or ends without a verdict
   */
  readonly judge: () => Promise<readonly Verdict[]>;
}

/** One verdict for what several stages share. */
export const mergeVerdicts = (verdicts: readonly Verdict[]): readonly Verdict[] => {
  const merged = new Map<string, Verdict>();
  for (const verdict of verdicts) {
    const key = JSON.stringify([verdict.rule, verdict.place]);
    const earlier = merged.get(key);
    merged.set(key, { ...verdict, where: [...new Set([...(earlier?.where ?? []), ...verdict.where])] });
  }
  return [...merged.values()];
};
