/** What a team's own CDK app imports from `verified-face-factor/cdk` (docs/library.md). */
export { Verified } from './verified.ts';
export type { StageSettings, VerifiedProps } from './verified-props.ts';
