/** What a checker says about a place. */
export interface Finding {
  /** The checker's own name of its rule. */
  readonly rule: string;
  /** Path of the construct below its stack. */
  readonly place: string;
}

/**
 * Compares what checkers found with what is accepted.
 *
 * @returns findings that nothing accepts, and acceptances that no longer accept anything
 */
export const judgeFindings = <F extends Finding, A>(
  findings: readonly F[],
  accepted: readonly A[],
  isCovered: (finding: F, acceptance: A) => boolean,
): { readonly unexplained: readonly F[]; readonly needless: readonly A[] } => ({
  unexplained: findings.filter((finding) => !accepted.some((acceptance) => isCovered(finding, acceptance))),
  needless: accepted.filter((acceptance) => !findings.some((finding) => isCovered(finding, acceptance))),
});
