import type { Behavior, DistributionRules, PathBehavior } from '../../lib/distribution-rules.ts';
import type { AddedHeader } from './response-headers.ts';

/** A behavior, with the headers that the distribution adds; none where the origins of this machine send them themselves. */
export interface EdgeBehavior extends Behavior {
  readonly responseHeaders?: readonly AddedHeader[];
}

/** What the local edge follows: the rules of the distribution, as `lib` states them or as a template has them. */
export interface EdgeRules extends DistributionRules {
  readonly behaviors: readonly (PathBehavior & EdgeBehavior)[];
  readonly otherwise: EdgeBehavior;
}
