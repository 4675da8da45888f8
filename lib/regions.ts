import { RegionInfo } from 'aws-cdk-lib/region-info';

/**
 * Regions that Verified can be deployed to: those of AWS's commercial partition, from CDK's own list. China, GovCloud and the sovereign
 * clouds are partitions of their own, with other endpoints, accounts and services. Regions that AWS launched after 2019 have to be
 * enabled in the account first.
 */
export const REGIONS: readonly string[] = RegionInfo.regions
  .filter(({ partition }) => partition === 'aws')
  .map(({ name }) => name)
  .sort();

/** Why nothing can be deployed to a region, in words that follow its name in a message. */
export const explainRegion = (name: string): string => {
  const known = RegionInfo.regions.find((region) => region.name === name);
  if (known === undefined) return `there is no region "${name}"; a region is called e.g. eu-west-1`;
  return `${name} is in the partition ${known.partition}; Verified runs in the commercial partition (aws) only`;
};

/**
 * Regions where Rekognition Face Liveness exists: those with a streaming endpoint, which StartFaceLivenessSession alone uses (AWS General
 * Reference, "Amazon Rekognition endpoints and quotas", table "Streaming Endpoints", read 2026-11). All have CompareFaces and DetectFaces
 * too: the same page lists differences for Canada and Israel only.
 */
export const LIVENESS_REGIONS = [
  'us-east-1',
  'us-west-2',
  'eu-west-1',
  'ap-northeast-1',
  'ap-south-1',
  'ap-southeast-5',
  'ap-southeast-7',
  'sa-east-1',
] as const;
