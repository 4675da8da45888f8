import { CURRENT_VERSION_EXPIRED_FLAGS, CURRENT_VERSION_FLAG_DEFAULTS, FLAGS } from 'aws-cdk-lib/cx-api';
import type { Construct } from 'constructs';
import cdkJson from '../cdk.json' with { type: 'json' };

/** The feature flags of CDK with which everything here is tested. */
export const FEATURE_FLAGS: Readonly<Record<string, unknown>> = cdkJson.context;

/**
 * Below this construct CDK behaves as in Verified's own app, whatever flags the app around it has set: other flags would create other
 * resources than the tested ones, and a flag that the app changes later would change a deployed stage.
 * @param scope a construct without children, as CDK requires for a change of context
 */
export const pinFeatureFlags = (scope: Construct): void => {
  for (const [flag, value] of Object.entries(FEATURE_FLAGS)) scope.node.setContext(flag, value);
  for (const flag of Object.keys(FLAGS)) {
    // CDK refuses any value of a flag that has expired.
    if (flag in FEATURE_FLAGS || CURRENT_VERSION_EXPIRED_FLAGS.includes(flag)) continue;
    if (scope.node.tryGetContext(flag) !== undefined)
      scope.node.setContext(flag, CURRENT_VERSION_FLAG_DEFAULTS[flag] ?? false);
  }
};
