import type { Deployed, DeployedResource } from './facts.ts';

/** All resources of a type, in the order of stacks and templates. */
export const resourcesOf = ({ stacks }: Deployed, type: string): readonly DeployedResource[] =>
  stacks.flatMap(({ resources }) => resources.filter((resource) => resource.type === type));

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

/** A member of a resource's properties, by its path; undefined where there is none. */
export const propertyOf = ({ properties }: DeployedResource, ...path: readonly string[]): unknown =>
  path.reduce<unknown>(memberOf, properties);

/** A variable that at least one function gets, if the template has its value; null otherwise. Secrets are only referred to there. */
const variableOf = (deployed: Deployed, name: string): string | null => {
  const values = resourcesOf(deployed, 'AWS::Lambda::Function').map((fn) =>
    propertyOf(fn, 'Environment', 'Variables', name),
  );
  return values.find((value): value is string => typeof value === 'string') ?? null;
};

/** Region of Face Liveness, as the functions were given it. */
export const livenessRegionOf = (deployed: Deployed): string =>
  variableOf(deployed, 'LIVENESS_REGION') ?? deployed.region;

/** Sender of all e-mail; null for none. */
export const senderOf = (deployed: Deployed): string | null => variableOf(deployed, 'NOTICE_SENDER') || null;

export const isSignUpDeclared = (deployed: Deployed): boolean => variableOf(deployed, 'PORTAL_SIGN_UP') === 'open';

/** Whether the distribution was deployed with a web ACL. */
export const isWebAclDeclared = (deployed: Deployed): boolean =>
  resourcesOf(deployed, 'AWS::CloudFront::Distribution').some(
    (distribution) => propertyOf(distribution, 'DistributionConfig', 'WebACLId') !== undefined,
  );

const isFunction = ({ properties }: DeployedResource): boolean =>
  memberOf(memberOf(properties['Environment'], 'Variables'), 'POWERTOOLS_METRICS_NAMESPACE') !== undefined;

/** The functions of the service, without CDK's own. */
export const functionsOf = (deployed: Deployed): readonly DeployedResource[] =>
  resourcesOf(deployed, 'AWS::Lambda::Function').filter(isFunction);

/** The bucket of the faces; its logical id follows from lib/stacks/data-stack.ts. */
export const isFaceBucket = ({ type, logicalId }: Pick<DeployedResource, 'type' | 'logicalId'>): boolean =>
  type === 'AWS::S3::Bucket' && logicalId.startsWith('Faces');

const HEADROOM = /\/ 60 \/ (\d+)$/;

/** Concurrent liveness sessions that the alarm "Rekognition headroom" assumes (lib/alarms.ts); null if there is no such alarm. */
export const assumedSessions = (deployed: Deployed): number | null => {
  const expressions = resourcesOf(deployed, 'AWS::CloudWatch::Alarm')
    .filter(({ logicalId }) => logicalId.startsWith('RekognitionHeadroom'))
    .flatMap((alarm) => {
      const metrics = propertyOf(alarm, 'Metrics');
      return Array.isArray(metrics) ? metrics.map((metric) => String(memberOf(metric, 'Expression') ?? '')) : [];
    });
  const found = expressions.flatMap((text) => HEADROOM.exec(text)?.[1] ?? []);
  return found[0] === undefined ? null : Number(found[0]);
};
