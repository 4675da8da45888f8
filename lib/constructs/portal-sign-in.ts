import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { AccountRecovery, Mfa, OAuthScope, UserPool, UserPoolClientIdentityProvider } from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import type { Settings } from '../settings.ts';

export interface PortalSignInProps {
  readonly settings: Settings;
  readonly publicOrigin: string;
}

/**
 * Who operators are: the issuer of the settings, or a Cognito pool of our own with hosted login and a second factor for everybody.
 * The portal brings its ID token, whose audience is the portal's own client.
 */
export class PortalSignIn extends Construct {
  readonly authorizer: HttpJwtAuthorizer;
  readonly issuer: string;
  /** The portal's client id, which its ID tokens are meant for. */
  readonly audience: string;

  constructor(scope: Construct, id: string, { settings, publicOrigin }: PortalSignInProps) {
    super(scope, id);
    const { oidcIssuer, oidcAudience } = settings;
    const { issuer, audience } =
      oidcIssuer === undefined || oidcAudience === undefined
        ? this.#makePool(settings, publicOrigin)
        : { issuer: oidcIssuer, audience: oidcAudience };
    this.issuer = issuer;
    this.audience = audience;
    this.authorizer = new HttpJwtAuthorizer('Operators', issuer, { jwtAudience: [audience] });
  }

  #makePool({ portalSignUp, stage }: Settings, publicOrigin: string) {
    const { region, account } = Stack.of(this);
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
    // Prefixes are unique in a region: the account's number makes it ours.
    pool.addDomain('Login', { cognitoDomain: { domainPrefix: `verified-${stage}-${account}` } });
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
