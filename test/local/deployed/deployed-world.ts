import type { Decided, Role } from '../../../local/aws-wire/iam/access-control.ts';
import type { Statement } from '../../../local/aws-wire/iam/policy.ts';
import { RunningDeployment } from '../../../local/deployed/as-deployed.ts';
import { type Platform, startPlatform } from '../../../local/platform/start-platform.ts';
import { startRekognition } from '../../../local/rekognition/start-rekognition.ts';
import { temporaryFolder } from '../../support/local-aws.ts';

/** The platform on its templates, and every decision about a function's calls. */
export interface DeployedWorld {
  readonly platform: Platform;
  readonly deployment: RunningDeployment;
  /** Rekognition's control endpoint. */
  readonly controlUrl: string;
  readonly decided: readonly Decided[];
  /** ARN of a function's role. */
  readonly roleOf: (name: string) => string;
  /** Runs `act` while a role is another one; all functions start anew before and after, since they remember what they were given. */
  withRole<T>(arn: string, change: (role: Role) => Role, act: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** One action on one resource, as a statement allows it. */
export interface Grant {
  readonly action: string;
  readonly resource: string;
  readonly statement: Statement;
}

/** Every pair of action and resource that a statement is about. */
export const grantsOf = (statement: Statement): readonly Grant[] =>
  statement.actions.flatMap((action) => statement.resources.map((resource) => ({ action, resource, statement })));

/**
 * The role without some of its grants.
 * @throws Error if it never had them: a test that removes nothing proves nothing
 */
export const without =
  (isLost: (grant: Grant) => boolean) =>
  (role: Role): Role => {
    if (!role.policies.flat().flatMap(grantsOf).some(isLost)) throw new Error(`${role.arn} never had that grant`);
    const rest = (statement: Statement): readonly Statement[] =>
      grantsOf(statement)
        .filter((grant) => !isLost(grant))
        .map(({ action, resource }) => ({ ...statement, actions: [action], resources: [resource] }));
    return { ...role, policies: role.policies.map((policy) => policy.flatMap(rest)) };
  };

export const startDeployedWorld = async (): Promise<DeployedWorld> => {
  const { folder, remove } = await temporaryFolder();
  const made: RunningDeployment[] = [];
  const controlUrls: string[] = [];
  const platform = await startPlatform({
    firstPort: 0,
    folder,
    startRekognition: async (options) => {
      const rekognition = await startRekognition({ ...options, control: { port: 0 } });
      controlUrls.push(rekognition.controlUrl ?? '');
      return rekognition;
    },
    portalSignUp: 'open',
    // The oval in the middle, where the recorded person is.
    livenessRandom: () => 0.5,
    integration: { challenge: 'FaceMovementChallenge', verificationEvents: true },
    deploy: async (site) => {
      const deployment = await RunningDeployment.create(site);
      made.push(deployment);
      return deployment;
    },
  });
  const [deployment] = made;
  if (deployment === undefined) throw new Error('nothing was deployed');
  const decided: Decided[] = [];
  deployment.access.onDecision = (one) => void decided.push(one);
  const roleOf = (name: string): string => deployment.roleOf(name);
  const restart = () =>
    Promise.all(['session', 'enroll', 'verify'].map((name) => deployment.functions.host(name).end()));
  return {
    platform,
    deployment,
    controlUrl: controlUrls[0] ?? '',
    decided,
    roleOf,
    withRole: async (arn, change, act) => {
      const role = deployment.access.role(arn);
      if (role === null) throw new Error(`there is no role ${arn}`);
      deployment.access.putRole(change(role));
      await restart();
      try {
        return await act();
      } finally {
        deployment.access.putRole(role);
        await restart();
      }
    },
    close: async () => {
      await platform.close();
      await remove();
    },
  };
};
