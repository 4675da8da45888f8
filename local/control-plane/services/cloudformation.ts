import { AwsError } from '../../aws-wire/aws-error.ts';
import type { Call } from '../call.ts';
import type { ModelStack } from '../model.ts';
import { queryService } from '../protocols.ts';

/** Resources on one page, fewer than the service gives, so that readers have to turn pages. */
const PAGE = 40;

const stacksIn = ({ model, region }: Call): readonly ModelStack[] =>
  model.stacks.filter((stack) => stack.region === region);

const stackOf = (form: URLSearchParams, call: Call): ModelStack => {
  const name = form.get('StackName') ?? '';
  const stack = stacksIn(call).find((each) => each.name === name);
  if (stack === undefined) throw new AwsError('ValidationError', `Stack with id ${name} does not exist`);
  return stack;
};

const describe = ({ name, status, isProtected, outputs }: ModelStack) => ({
  StackName: name,
  StackStatus: status,
  CreationTime: '2026-01-01T00:00:00Z',
  EnableTerminationProtection: isProtected,
  Outputs: { member: Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })) },
});

/** CloudFormation's API of stacks (CloudFormation API reference). */
export const cloudFormation = queryService('cloudformation', {
  DescribeStacks: (_form, call) => ({ Stacks: { member: stacksIn(call).map(describe) } }),
  GetTemplate: (form, call) => ({ TemplateBody: JSON.stringify(stackOf(form, call).template) }),
  ListStackResources: (form, call) => {
    const { resources } = stackOf(form, call);
    const from = Number(form.get('NextToken') ?? 0);
    return {
      StackResourceSummaries: {
        member: resources.slice(from, from + PAGE).map(({ logicalId, physicalId, type }) => ({
          LogicalResourceId: logicalId,
          PhysicalResourceId: physicalId,
          ResourceType: type,
          ResourceStatus: 'UPDATE_COMPLETE',
          LastUpdatedTimestamp: '2026-01-01T00:00:00Z',
        })),
      },
      NextToken: from + PAGE < resources.length ? String(from + PAGE) : undefined,
    };
  },
});
