import { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * A name for what CloudFront keeps once for the whole account. It contains the region, so that the same stage may exist in several;
 * CDK's own default contains only the stack's name.
 */
export const accountWideName = (scope: IConstruct, stage: string, part: string): string =>
  `verified-${stage}-${Stack.of(scope).region}-${part}`;
