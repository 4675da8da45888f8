import { z } from 'zod';
import type { Verdict } from '../oracle.ts';
import { FIREWALL_REGION, REGION } from './cloud.ts';
import type { UserShell } from './user-shell.ts';

/** How to list what may be left: a command, and the expression that picks names from its answer (`--query`). */
const LISTS: Readonly<Record<string, readonly [command: string, query: string, region?: string]>> = {
  API: ['apigatewayv2 get-apis', 'Items[].Name'],
  alarm: ['cloudwatch describe-alarms', 'MetricAlarms[].AlarmName'],
  bucket: ['s3api list-buckets', 'Buckets[].Name'],
  distribution: ['cloudfront list-distributions', 'DistributionList.Items[].Comment'],
  function: ['lambda list-functions', 'Functions[].FunctionName'],
  key: ['kms list-keys', 'Keys[].KeyId'],
  'log group': ['logs describe-log-groups', 'logGroups[].logGroupName'],
  'log group in us-east-1': ['logs describe-log-groups', 'logGroups[].logGroupName', FIREWALL_REGION],
  parameter: ['ssm describe-parameters', 'Parameters[].Name'],
  'parameter in us-east-1': ['ssm describe-parameters', 'Parameters[].Name', FIREWALL_REGION],
  role: ['iam list-roles', 'Roles[].RoleName'],
  schedule: ['scheduler list-schedules', 'Schedules[].Name'],
  secret: ['secretsmanager list-secrets', 'SecretList[].Name'],
  table: ['dynamodb list-tables', 'TableNames[]'],
  topic: ['sns list-topics', 'Topics[].TopicArn'],
  'user pool': ['cognito-idp list-user-pools --max-results 60', 'UserPools[].Name'],
  'web ACL': ['wafv2 list-web-acls --scope CLOUDFRONT', 'WebACLs[].Name', FIREWALL_REGION],
};
/**
 * The account's own: made by `cdk bootstrap`, and by AWS. And a function's log group, which MiniStack creates again for the last line of a
 * function that runs while it is deleted; at AWS the function's role does not allow that.
 */
const NOT_OURS = /^(cdk-hnb659fds-|\/cdk-bootstrap\/|AWSServiceRole|\/aws\/cloudformation\/verified-prod-service\/)/;
const Names = z.array(z.string()).nullable();

/** A key has no name. */
const describeKey = async (shell: UserShell, id: string): Promise<string> => {
  const query = 'KeyMetadata.[KeyState, Description]';
  return z
    .array(z.string())
    .parse(await shell.read(`aws kms describe-key --key-id ${id} --query '${query}'`))
    .join(' ');
};

/** What exists: every stack, and every resource of the kinds above. */
export const leftovers = async (
  shell: UserShell,
  rule: string,
  stacks: ReadonlyMap<string, string>,
): Promise<readonly Verdict[]> => {
  const found = [...stacks.keys()].map((name) => `stack ${name}`);
  for (const [kind, [command, query, region = REGION]] of Object.entries(LISTS)) {
    const names = Names.parse(await shell.read(`aws ${command} --region ${region} --query '${query}'`)) ?? [];
    for (const name of names.filter((one) => !NOT_OURS.test(one))) {
      found.push(`${kind} ${kind === 'key' ? await describeKey(shell, name) : name}`);
    }
  }
  return found.map((place) => ({
    rule,
    place,
    where: ['deployment'],
    message: 'docs/deploy.md does not say so',
  }));
};
