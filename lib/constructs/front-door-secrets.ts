import { Stack } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';

/**
 * The secret that the distribution adds to its requests, in generations. The distribution sends the current one; functions accept it
 * and the next. CloudFormation does not notice a changed value behind an unchanged reference, so a secret is replaced by incrementing
 * the generation: the distribution then sends what all functions accept already, and no request is refused while both change.
 */
export class FrontDoorSecrets extends Construct {
  /** References that CloudFormation resolves: no template contains a value. */
  readonly sent: string;
  /** Joined by a comma, which the secrets do not contain. */
  readonly accepted: string;

  constructor(scope: Construct, id: string, generation: number) {
    super(scope, id);
    const make = (number: number): Secret =>
      new Secret(this, `Generation${number}Secret`, {
        description: 'Verified: shared by the distribution and the API',
        generateSecretString: { passwordLength: 48, excludePunctuation: true },
      });
    const [now, next] = [make(generation), make(generation + 1)];
    // Functions of the previous deployment still import it until their own stack is updated.
    const before = generation > 1 ? [make(generation - 1)] : [];
    for (const secret of [...before, now, next]) Stack.of(this).exportValue(secret.secretArn);
    this.sent = now.secretValue.unsafeUnwrap();
    this.accepted = [now, next].map((secret) => secret.secretValue.unsafeUnwrap()).join(',');
  }
}
