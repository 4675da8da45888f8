import { Stack } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';

/** Secrets that take turns: the previous generation's, the current one and the next. */
const SLOTS = 3;

/**
 * The secret that the distribution adds to its requests, in generations. The distribution sends the current one; functions accept it
 * and the next. CloudFormation does not notice a changed value behind an unchanged reference, so a secret is replaced by incrementing
 * the generation: the distribution then sends what all functions accept already, and no request is refused while both change.
 *
 * The secrets are three, whatever the generation, since CloudFormation removes none that the service still imports. A step to the next
 * generation writes a value only into the slot of the previous one, which nobody uses: a rolled back step has changed nothing either.
 */
export class FrontDoorSecrets extends Construct {
  /** References that CloudFormation resolves: no template contains a value. */
  readonly sent: string;
  /** Joined by a comma, which the secrets do not contain. */
  readonly accepted: string;

  constructor(scope: Construct, id: string, generation: number) {
    super(scope, id);
    const values = new Map(this.#generations(generation).map((number) => [number, this.#makeSecret(number)]));
    this.sent = values.get(generation) ?? '';
    this.accepted = [this.sent, values.get(generation + 1)].join(',');
  }

  /** Those that have a slot: the current generation, the next, and the one before or, for the first, the one after. */
  #generations(current: number): readonly number[] {
    return current === 1 ? [1, 2, 3] : [current - 1, current, current + 1];
  }

  /** @returns a reference to the generation's value */
  #makeSecret(generation: number): string {
    // The first three generations are bare texts, as release 0.1 wrote them: they keep their values when a stage is upgraded.
    const key = generation <= SLOTS ? null : `generation${generation}`;
    const secret = new Secret(this, `Generation${((generation - 1) % SLOTS) + 1}Secret`, {
      description: 'Verified: shared by the distribution and the API',
      generateSecretString: {
        passwordLength: 48,
        excludePunctuation: true,
        // A changed property makes a new value (CloudFormation, AWS::SecretsManager::Secret); the name of its member shows the change
        // to whatever refers to it.
        ...(key === null ? {} : { secretStringTemplate: '{}', generateStringKey: key }),
      },
    });
    Stack.of(this).exportValue(secret.secretArn);
    return (key === null ? secret.secretValue : secret.secretValueFromJson(key)).unsafeUnwrap();
  }
}
