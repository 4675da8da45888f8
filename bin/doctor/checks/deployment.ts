import { isAlarmTopicGiven } from '../declared.ts';
import type { DeployedStack } from '../facts.ts';
import { type Check, check, fault, listed, ok } from './check.ts';

/** The stacks that every stage has (lib/stage-stacks.ts). */
const REQUIRED = ['data', 'web', 'service'];
/** What the web stack prints at the end of a deployment (lib/stacks/web-stack.ts). */
const OUTPUTS = ['Origin', 'Portal', 'DistributionHost', 'ApiAddress', 'OperatorIssuer', 'OperatorAudience'];
const DONE = ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'IMPORT_COMPLETE'];

const fixOf = ({ name, status }: DeployedStack): string => {
  if (status === 'REVIEW_IN_PROGRESS') {
    return `Nobody approved its first deployment: deploy again and approve (in a pipeline: --require-approval never). If that is refused, remove the empty stack first: aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name ${name}, then aws cloudformation delete-stack --stack-name ${name}.`;
  }
  if (status.includes('ROLLBACK') || status.includes('FAILED')) {
    return `aws cloudformation describe-stack-events --stack-name ${name} says what failed; fix that, and deploy again.`;
  }
  return 'Wait until the deployment has ended, and look again.';
};

export const DEPLOYMENT: readonly Check[] = [
  check('credentials', 'Credentials that AWS accepts', ['caller'], ({ caller }) =>
    ok(`${caller.principal} of account ${caller.account}`),
  ),
  check('stacks', 'All stacks exist, and their last deployment succeeded', ['stacks'], ({ stacks: deployed }) => {
    const required = [...REQUIRED, ...(isAlarmTopicGiven(deployed) ? [] : ['operations'])];
    const missing = required.filter((part) => !deployed.stacks.some((stack) => stack.part === part));
    if (missing.length > 0) {
      return fault(
        `missing: ${listed(missing)}`,
        `Without them there is no service. Looked in ${deployed.region}.`,
        'Deploy the stage (docs/deploy.md), or set --stage and --region.',
      );
    }
    const [broken] = deployed.stacks.filter(({ status }) => !DONE.includes(status));
    if (broken === undefined) return ok(listed(deployed.stacks.map(({ part }) => part)));
    return fault(`${broken.name} is ${broken.status}`, 'What runs is not what was last deployed.', fixOf(broken));
  }),
  check('termination-protection', 'The data stack cannot be deleted by mistake', ['deployed'], ({ deployed }) => {
    const data = deployed.stacks.filter(({ part }) => part === 'data');
    const open = data.filter(({ isProtected }) => !isProtected).map(({ name }) => name);
    if (open.length === 0) return ok(data.length === 0 ? 'no data stack' : 'on');
    return fault(
      'off',
      'One command would delete the stack that holds tables, keys and faces.',
      `aws cloudformation update-termination-protection --enable-termination-protection --stack-name ${open[0]}`,
    );
  }),
  check('outputs', 'The web stack says where the service is', ['deployed'], ({ deployed }) => {
    const outputs = deployed.stacks.find(({ part }) => part === 'web')?.outputs ?? {};
    const missing = OUTPUTS.filter((name) => (outputs[name] ?? '') === '');
    if (missing.length === 0) return ok(outputs['Origin'] ?? '');
    return fault(
      `missing: ${listed(missing)}`,
      'The Action and the portal are set up with these values.',
      'Deploy the web stack again.',
    );
  }),
];
