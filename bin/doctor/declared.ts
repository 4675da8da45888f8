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

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

/** Regions in which the functions may call Rekognition, by the conditions of their permissions (lib/service-functions.ts). */
export const rekognitionRegionsOf = (deployed: Deployed): readonly string[] => {
  const statements = resourcesOf(deployed, 'AWS::IAM::Policy').flatMap((policy) =>
    listOf(propertyOf(policy, 'PolicyDocument', 'Statement')),
  );
  const regions = statements
    .filter((statement) => listOf(memberOf(statement, 'Action')).some((action) => /^rekognition:/.test(String(action))))
    .map((statement) => memberOf(memberOf(memberOf(statement, 'Condition'), 'StringEquals'), 'aws:RequestedRegion'));
  return [...new Set(regions.filter((region): region is string => typeof region === 'string'))].sort();
};

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

/** Begins the logical id of the table of due jobs, which follows from lib/stacks/data-stack.ts. */
export const DUE_JOBS_TABLE = 'TablesDueWorkTable';

/** An import from the operations stack, whose topic it is (lib/stacks/operations-stack.ts). */
const OPERATIONS_IMPORT = /^verified-[a-z0-9-]+-operations:/;

/** Whether alarms go to a topic that the stage was given (docs/library.md, `alarmTopic`); then it needs no operations stack. */
export const isAlarmTopicGiven = ({ region, stacks }: Deployed): boolean => {
  const service = { region, stacks: stacks.filter(({ part }) => part === 'service') };
  const topics = resourcesOf(service, 'AWS::CloudWatch::Alarm').flatMap((alarm) =>
    listOf(propertyOf(alarm, 'AlarmActions') ?? []),
  );
  return topics.some((topic) => !OPERATIONS_IMPORT.test(String(memberOf(topic, 'Fn::ImportValue'))));
};

/** Ends the expression of the alarm "Rekognition headroom" (lib/alarms.ts), in percent of concurrent sessions. */
const HEADROOM = /^100 \* starts .*\/ (\d+)$/;

/** Concurrent liveness sessions that the alarm "Rekognition headroom" assumes; null if there is no such alarm. */
export const assumedSessions = (deployed: Deployed): number | null => {
  const metrics = resourcesOf(deployed, 'AWS::CloudWatch::Alarm').flatMap((alarm) =>
    listOf(propertyOf(alarm, 'Metrics')),
  );
  const found = metrics.flatMap((metric) => HEADROOM.exec(String(memberOf(metric, 'Expression')))?.[1] ?? []);
  return found[0] === undefined ? null : Number(found[0]);
};
