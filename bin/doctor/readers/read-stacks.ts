import {
  DescribeStacksCommand,
  GetTemplateCommand,
  ListStackResourcesCommand,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { z } from 'zod';
import { type Clients, type ClientsIn, GLOBAL_REGION } from '../clients.ts';
import type { Deployed, DeployedResource, DeployedStack, Target } from '../facts.ts';
import { allPages, Unread } from '../reading.ts';

const Template = z.looseObject({
  Resources: z.record(
    z.string(),
    z.looseObject({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).default({}) }),
  ),
});

/** CDK deploys JSON, and CloudFormation returns the text that was deployed. @throws Unread for any other text */
const parse = (stackName: string, body: string) => {
  try {
    return Template.parse(JSON.parse(body)).Resources;
  } catch {
    throw new Unread(`The template of ${stackName} is none that "cdk deploy" made.`);
  }
};

const readResources = async ({ cloudFormation, region }: Clients, StackName: string) => {
  const [template, pages] = await Promise.all([
    cloudFormation.send(new GetTemplateCommand({ StackName })),
    allPages(
      (NextToken) => cloudFormation.send(new ListStackResourcesCommand({ StackName, NextToken })),
      (page) => page.NextToken,
    ),
  ]);
  const declared = parse(StackName, template.TemplateBody ?? '');
  const listed = pages.flatMap(({ StackResourceSummaries = [] }) => StackResourceSummaries);
  return listed.flatMap(({ LogicalResourceId = '', PhysicalResourceId = '' }): readonly DeployedResource[] => {
    const resource = declared[LogicalResourceId];
    // What a deployment is removing is listed, but no longer declared.
    if (resource === undefined || PhysicalResourceId === '') return [];
    const { Type, Properties } = resource;
    return [
      { region, logicalId: LogicalResourceId, physicalId: PhysicalResourceId, type: Type, properties: Properties },
    ];
  });
};

/** A stack that nobody approved has neither template nor resources. */
const UNBORN = 'REVIEW_IN_PROGRESS';

const readStack = async (clients: Clients, part: string, stack: Stack): Promise<DeployedStack> => {
  const { StackName: name = '', StackStatus: status = '', EnableTerminationProtection, Outputs = [] } = stack;
  return {
    part,
    name,
    region: clients.region,
    status,
    isProtected: EnableTerminationProtection === true,
    outputs: Object.fromEntries(Outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue])),
    resources: status === UNBORN ? [] : await readResources(clients, name),
  };
};

/**
 * Which stacks are the stage's: in its own region those named after it; elsewhere those that name its region too, since the same stage
 * may exist in several, and the firewall of the first release, which did not. One word for the part: the stacks of stage "a" are not those
 * of stage "a-b".
 */
const partOf = (name: string, { stage, region }: Target, where: string): string | null => {
  const rest = name.startsWith(`verified-${stage}-`) ? name.slice(`verified-${stage}-`.length) : '';
  const part = rest.endsWith(`-${region}`) ? rest.slice(0, -region.length - 1) : rest;
  const isNamed = where === region || part !== rest || part === 'firewall';
  return isNamed && /^[a-z]+$/.test(part) ? part : null;
};

const readRegion = async (clients: Clients, target: Target): Promise<readonly DeployedStack[]> => {
  const pages = await allPages(
    (NextToken) => clients.cloudFormation.send(new DescribeStacksCommand({ NextToken })),
    (page) => page.NextToken,
  );
  const found = pages.flatMap(({ Stacks = [] }) =>
    Stacks.flatMap((stack) => {
      const part = partOf(stack.StackName ?? '', target, clients.region);
      return part === null ? [] : [{ part, stack }];
    }),
  );
  return Promise.all(found.map(({ part, stack }) => readStack(clients, part, stack)));
};

/** The stacks of a stage, wherever they are, with what they declare. */
export const readStacks = async (clientsIn: ClientsIn, target: Target): Promise<Deployed> => {
  const { region } = target;
  const regions = [...new Set([region, GLOBAL_REGION])];
  const stacks = await Promise.all(regions.map((one) => readRegion(clientsIn(one), target)));
  return { region, stacks: stacks.flat() };
};
