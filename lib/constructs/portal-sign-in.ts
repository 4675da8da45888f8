import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { AccountRecovery, Mfa, OAuthScope, UserPool, UserPoolClientIdentityProvider } from 'aws-cdk-lib/aws-cognito';
import { Construct, type IConstruct } from 'constructs';
import type { PortalConfig } from '../../contract/api/portal/sign-in.ts';
import type { Settings } from '../settings.ts';

export interface PortalSignInProps {
  readonly settings: Settings;
  readonly publicOrigin: string;
}

/** Prefixes are unique in a region: the account's number makes it ours. */
const loginPrefix = (stage: string, scope: IConstruct): string => `verified-${stage}-${Stack.of(scope).account}`;

/** Origins that the portal's pages ask: the issuer, and where its token endpoint is. An issuer of one's own serves both at one. */
export const issuerOriginsOf = ({ oidcIssuer, stage }: Settings, scope: IConstruct): readonly string[] => {
  if (oidcIssuer !== undefined) return [new URL(oidcIssuer).origin];
  const { region } = Stack.of(scope);
  return [
    `https://cognito-idp.${region}.amazonaws.com`,
    `https://${loginPrefix(stage, scope)}.auth.${region}.amazoncognito.com`,
  ];
};

/**
 * Who operators are: the issuer of the settings, or a Cognito pool of our own with hosted login and a second factor for everybody.
 * The portal brings its ID token, whose audience is the portal's own client.
 */
export class PortalSignIn extends Construct {
  readonly authorizer: HttpJwtAuthorizer;
  readonly issuer: string;
  /** The portal's client id, which its ID tokens are meant for. */
  readonly audience: string;
  /** What the pages read as `config.json`. */
  readonly config: PortalConfig;

  constructor(scope: Construct, id: string, { settings, publicOrigin }: PortalSignInProps) {
    super(scope, id);
    const { oidcIssuer, oidcAudience } = settings;
    const { issuer, audience } =
      oidcIssuer === undefined || oidcAudience === undefined
        ? this.#makePool(settings, publicOrigin)
        : { issuer: oidcIssuer, audience: oidcAudience };
    this.issuer = issuer;
    this.audience = audience;
    this.config = { issuer, clientId: audience, scope: 'openid email' };
    this.authorizer = new HttpJwtAuthorizer('Operators', issuer, { jwtAudience: [audience] });
  }

  #makePool({ portalSignUp, stage }: Settings, publicOrigin: string) {
    const { region } = Stack.of(this);
    const pool = new UserPool(this, 'Operators', {
      selfSignUpEnabled: portalSignUp,
      signInAliases: { email: true },
      signInCaseSensitive: false,
      autoVerify: { email: true },
      mfa: Mfa.REQUIRED,
      mfaSecondFactor: { otp: true, sms: false },
      passwordPolicy: {
        minLength: 14,
        requireDigits: true,
        requireLowercase: true,
        requireUppercase: true,
        requireSymbols: true,
        tempPasswordValidity: Duration.days(3),
      },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    pool.addDomain('Login', { cognitoDomain: { domainPrefix: loginPrefix(stage, this) } });
    const client = pool.addClient('Portal', {
      generateSecret: false,
      authFlows: {},
      oAuth: {
        flows: { authorizationCodeGrant: true },
        scopes: [OAuthScope.OPENID, OAuthScope.EMAIL],
        callbackUrls: [`${publicOrigin}/portal/`],
        logoutUrls: [`${publicOrigin}/portal/`],
      },
      supportedIdentityProviders: [UserPoolClientIdentityProvider.COGNITO],
      preventUserExistenceErrors: true,
      idTokenValidity: Duration.minutes(60),
      refreshTokenValidity: Duration.hours(8),
    });
    return {
      issuer: `https://cognito-idp.${region}.amazonaws.com/${pool.userPoolId}`,
      audience: client.userPoolClientId,
    };
  }
}
