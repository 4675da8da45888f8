import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { Concrete } from './concrete.ts';
import { mergeVerdicts, type Oracle } from './oracle.ts';
import { type JudgedTemplate, templates } from './templates.ts';
import { pythonTool } from './tools/python-tool.ts';
import { runToSuccess } from './tools/run-program.ts';

const PROGRAM = fileURLToPath(new URL('./python/policies.py', import.meta.url));

/** What test/oracles/python/policies.py answers: for each policy, in its order, what is said of it. */
const Answers = z.array(z.array(z.object({ rule: z.string(), message: z.string() })));

interface FoundPolicy {
  readonly where: string;
  readonly place: string;
  /** Of a role: what it may do. Of a resource: who may do what to it. */
  readonly kind: 'identity' | 'resource';
  readonly document: unknown;
}

/** Where types of resources have policies. */
const IDENTITY_POLICIES = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'];
const RESOURCE_POLICIES: Readonly<Record<string, string>> = {
  'AWS::KMS::Key': 'KeyPolicy',
  'AWS::S3::BucketPolicy': 'PolicyDocument',
  'AWS::SNS::TopicPolicy': 'PolicyDocument',
  'AWS::SQS::QueuePolicy': 'PolicyDocument',
};

const policiesOf = (all: readonly JudgedTemplate[]): readonly FoundPolicy[] =>
  all.flatMap((judged) => {
    const concrete = new Concrete(all, judged);
    return Object.entries(judged.template.Resources).flatMap(([id, { Type, Properties = {} }]) => {
      const found = (kind: FoundPolicy['kind'], document: unknown): FoundPolicy => ({
        where: judged.where,
        place: judged.placeOf(id),
        kind,
        document: concrete.value(document),
      });
      if (IDENTITY_POLICIES.includes(Type)) return [found('identity', Properties['PolicyDocument'])];
      const property = RESOURCE_POLICIES[Type];
      if (property !== undefined) return [found('resource', Properties[property])];
      const inline = (Type === 'AWS::IAM::Role' ? Properties['Policies'] : undefined) ?? [];
      return (inline as { PolicyDocument: unknown }[]).map((one) => found('identity', one.PolicyDocument));
    });
  });

/** To be sure that both answer: everybody may do everything. */
const OBVIOUSLY_WRONG = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
const OBJECTORS = ['parliament', 'cloudsplaining'];

export const POLICIES: Oracle = {
  name: 'policies',
  needs: ['python'],
  judge: async () => {
    const python = join(await pythonTool('policies'), 'python');
    const policies = policiesOf(await templates());
    const asked = policies.map(({ kind, document }) => ({ kind, document }));
    const input = JSON.stringify([{ kind: 'identity', document: OBVIOUSLY_WRONG }, ...asked]);
    const said = JSON.parse(await runToSuccess(python, [PROGRAM], { input }));
    const [ofWrong = [], ...answers] = Answers.length(policies.length + 1).parse(said);
    for (const objector of OBJECTORS) {
      if (!ofWrong.some(({ rule }) => rule.startsWith(objector))) throw new Error(`${objector} objects to nothing`);
    }
    return mergeVerdicts(
      policies.flatMap(({ where, place }, index) =>
        (answers[index] ?? []).map((said) => ({ ...said, place, where: [where] })),
      ),
    );
  },
};
