import { Stack } from 'aws-cdk-lib';
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { Construct, type IConstruct } from 'constructs';
import type { PortalConfig } from '../../contract/api/portal/sign-in.ts';
import { loginPrefix } from '../login-prefix.ts';
import type { Settings } from '../settings.ts';
import type { LambdaFunction } from './lambda-function.ts';
import { OperatorPool, type OperatorPoolProps } from './operator-pool.ts';

/** Origins that the portal's pages ask: the issuer, and where its token endpoint is. An issuer of one's own serves both at one. */
export const issuerOriginsOf = ({ oidcIssuer, stage }: Settings, scope: IConstruct): readonly string[] => {
  if (oidcIssuer !== undefined) return [new URL(oidcIssuer).origin];
  const { region, account } = Stack.of(scope);
  return [
    `https://cognito-idp.${region}.amazonaws.com`,
    `https://${loginPrefix(stage, account)}.auth.${region}.amazoncognito.com`,
  ];
};

/**
 * Who operators are: the issuer of the settings, or a Cognito pool of our own.
 * The portal brings its ID token, whose audience is the portal's own client.
 */
export class PortalSignIn extends Construct {
  readonly authorizer: HttpJwtAuthorizer;
  readonly issuer: string;
  /** The portal's client id, which its ID tokens are meant for. */
  readonly audience: string;
  /** What the pages read as `config.json`. */
  readonly config: PortalConfig;
  readonly #pool: OperatorPool | null;

  constructor(scope: Construct, id: string, props: OperatorPoolProps) {
    super(scope, id);
    const { oidcIssuer, oidcAudience } = props.settings;
    // `Default` leaves no trace in logical ids: under other ones a deployment would replace the pool by an empty one.
    this.#pool = oidcIssuer === undefined ? new OperatorPool(this, 'Default', props) : null;
    this.issuer = this.#pool?.issuer ?? oidcIssuer ?? '';
    this.audience = this.#pool?.audience ?? oidcAudience ?? '';
    this.config = { issuer: this.issuer, clientId: this.audience, scope: 'openid email' };
    this.authorizer = new HttpJwtAuthorizer('Operators', this.issuer, { jwtAudience: [this.audience] });
  }

  /** Lets the function make who is invited known to the issuer; where that is not ours, it may nothing. */
  grantInvite(fn: LambdaFunction): void {
    if (this.#pool === null) fn.setEnvironment('OPERATOR_POOL_ID', '');
    else this.#pool.grantInvite(fn);
  }
}
