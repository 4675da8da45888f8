import { startReceiver } from '../../lambdas/webhooks/receiver.ts';
import { type DeployedWorld, startDeployedWorld } from './deployed-world.ts';
import { type Calls, signInOperator } from './wire-operator.ts';

/** What the tests of the deployed template share: one start, and what earlier tests left for later ones. */
export interface Made {
  readonly world: DeployedWorld;
  /** Owner of the seeded account. */
  readonly operator: Calls;
  readonly receiver: Awaited<ReturnType<typeof startReceiver>>;
}

let made: Made | null = null;

export const makeWorld = async (): Promise<void> => {
  const [world, receiver] = await Promise.all([startDeployedWorld(), startReceiver()]);
  made = { world, operator: await signInOperator(world.platform), receiver };
};

export const closeWorld = async (): Promise<void> => {
  await Promise.all([made?.world.close(), made?.receiver.close()]);
};

export const of = (): Made => {
  if (made === null) throw new Error('the platform is not started');
  return made;
};
