import { Stack } from 'aws-cdk-lib';
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { Construct, type IConstruct } from 'constructs';
import type { PortalConfig } from '../../contract/api/portal/sign-in.ts';
import { loginPrefix } from '../login-prefix.ts';
import type { Settings } from '../settings.ts';
import type { LambdaFunction } from './lambda-function.ts';
import { OperatorPool, type OperatorPoolProps } from './operator-pool.ts';

/** Origins that the portal's pages call: the issuer and its token endpoint. A separate issuer serves both at one origin. */
export const issuerOriginsOf = ({ oidcIssuer, stage }: Settings, scope: IConstruct): readonly string[] => {
  if (oidcIssuer !== undefined) return [new URL(oidcIssuer).origin];
  const { region, account } = Stack.of(scope);
  return [
    `https://cognito-idp.${region}.amazonaws.com`,
    `https://${loginPrefix(stage, account)}.auth.${region}.amazoncognito.com`,
  ];
};

/**
 * How operators sign in: at the issuer in the settings, or at the stage's own Cognito pool.
 * The portal brings its ID token, whose audience is the portal's own client.
 */
export class PortalSignIn extends Construct {
  readonly authorizer: HttpJwtAuthorizer;
  readonly issuer: string;
  /** The portal's client id, the audience of its ID tokens. */
  readonly audience: string;
  /** The content of `config.json`, which the pages read. */
  readonly config: PortalConfig;
  readonly #pool: OperatorPool | null;

  constructor(scope: Construct, id: string, props: OperatorPoolProps) {
    super(scope, id);
    const { oidcIssuer, oidcAudience } = props.settings;
    // `Default` does not appear in logical ids; with other ids a deployment would replace the pool with an empty one.
    this.#pool = oidcIssuer === undefined ? new OperatorPool(this, 'Default', props) : null;
    this.issuer = this.#pool?.issuer ?? oidcIssuer ?? '';
    this.audience = this.#pool?.audience ?? oidcAudience ?? '';
    this.config = { issuer: this.issuer, clientId: this.audience, scope: 'openid email' };
    this.authorizer = new HttpJwtAuthorizer('Operators', this.issuer, { jwtAudience: [this.audience] });
  }

  /** Lets the function create invited operators in the stage's pool; grants nothing if the issuer is another. */
  grantInvite(fn: LambdaFunction): void {
    if (this.#pool === null) fn.setEnvironment('OPERATOR_POOL_ID', '');
    else this.#pool.grantInvite(fn);
  }
}
