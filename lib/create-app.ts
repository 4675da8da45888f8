import { App } from 'aws-cdk-lib';
import { FEATURE_FLAGS } from './feature-flags.ts';

/** An app with the feature flags of cdk.json, which otherwise only CDK's command line sets. */
export const createApp = (outdir: string): App => new App({ outdir, context: { ...FEATURE_FLAGS } });
