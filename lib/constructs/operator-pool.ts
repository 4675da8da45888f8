import { CfnDynamicReference, CfnDynamicReferenceService, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  AccountRecovery,
  CfnManagedLoginBranding,
  FeaturePlan,
  ManagedLoginVersion,
  Mfa,
  OAuthScope,
  UserPool,
  type UserPoolClient,
  UserPoolClientIdentityProvider,
} from 'aws-cdk-lib/aws-cognito';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { PORTAL_PAGE_PATH } from '../../contract/api/portal/sign-in.ts';
import { INVITATION_SECONDS } from '../../lambdas/core/accounts/members.ts';
import { loginPrefix } from '../login-prefix.ts';
import type { Settings } from '../settings.ts';
import type { LambdaFunction } from './lambda-function.ts';

export interface OperatorPoolProps {
  readonly settings: Settings;
  readonly publicOrigin: string;
}

/**
 * Cognito's e-mail with a temporary password. It must contain both placeholders, and the password ends its line, so that nobody
 * types a full stop after it.
 */
const invitationWords = (portalUrl: string) => ({
  emailSubject: 'Your sign-in to the Identity Portal',
  emailBody: [
    `<p>You can now sign in to the Identity Portal: ${portalUrl}</p>`,
    '<p>Use this e-mail address and the temporary password<br>{####}</p>',
    '<p>You will then choose a password of your own and set up an authenticator app.',
    `The temporary password works for ${Duration.seconds(INVITATION_SECONDS).toDays()} days.`,
    'If you do not know what this is about, ignore this e-mail.</p>',
    '<p><small>Your operator id: {username}</small></p>',
  ].join('\n'),
});

/**
 * The operators of a stage that has no issuer of its own: managed login, a second factor for everyone, and by default only operators
 * added by `npm run operator` or an invitation.
 */
export class OperatorPool extends Construct {
  readonly #pool: UserPool;
  readonly #client: UserPoolClient;
  readonly #parameterName: string;

  constructor(scope: Construct, id: string, { settings, publicOrigin }: OperatorPoolProps) {
    super(scope, id);
    const portalUrl = `${publicOrigin}${PORTAL_PAGE_PATH}`;
    this.#pool = this.#makePool(settings, portalUrl);
    // `prompt=login`, by which the portal has operators sign in again before secrets and deletions, is honored by managed login
    // alone, not by the older hosted UI (Cognito developer guide, "The redirect and authorization endpoint").
    const domain = this.#pool.addDomain('Login', {
      cognitoDomain: { domainPrefix: loginPrefix(settings.stage, Stack.of(this).account) },
      managedLoginVersion: ManagedLoginVersion.NEWER_MANAGED_LOGIN,
    });
    this.#client = this.#makeClient(portalUrl);
    // Without a style a client has no managed login pages at all.
    const branding = new CfnManagedLoginBranding(this, 'Branding', {
      userPoolId: this.#pool.userPoolId,
      clientId: this.#client.userPoolClientId,
      useCognitoProvidedValues: true,
    });
    // First the pages, then the switch to them: the other order would show "Login pages unavailable" for a while.
    domain.node.addDependency(branding);
    this.#parameterName = `/verified/${settings.stage}/operator-pool`;
    new StringParameter(this, 'PoolId', {
      description: 'Verified: the pool of operators',
      parameterName: this.#parameterName,
      stringValue: this.#pool.userPoolId,
    });
  }

  get issuer(): string {
    return `https://cognito-idp.${Stack.of(this).region}.amazonaws.com/${this.#pool.userPoolId}`;
  }

  /** The portal's client id, the audience of its ID tokens. */
  get audience(): string {
    return this.#client.userPoolClientId;
  }

  /**
   * Lets the function create users of this pool: whoever is invited has to be able to sign in. The pool is looked up when the
   * function's stack is deployed; an export would prevent a stage from changing to an issuer of its own, since CloudFormation
   * removes nothing that another stack still imports.
   */
  grantInvite(fn: LambdaFunction): void {
    const { region, account, partition } = Stack.of(this);
    const poolId = new CfnDynamicReference(CfnDynamicReferenceService.SSM, this.#parameterName).toString();
    fn.setEnvironment('OPERATOR_POOL_ID', poolId);
    fn.permit({
      actions: ['cognito-idp:AdminCreateUser'],
      resources: [`arn:${partition}:cognito-idp:${region}:${account}:userpool/${poolId}`],
    });
  }

  #makePool({ portalSignUp }: Settings, portalUrl: string): UserPool {
    return new UserPool(this, 'Operators', {
      // Managed login is in every plan but Lite, the default for pools of older accounts.
      featurePlan: FeaturePlan.ESSENTIALS,
      selfSignUpEnabled: portalSignUp,
      userInvitation: invitationWords(portalUrl),
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
        // Valid as long as the invitation that it comes with.
        tempPasswordValidity: Duration.seconds(INVITATION_SECONDS),
      },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      deletionProtection: true,
      // Not `RETAIN_ON_UPDATE_OR_DELETE`: a rollback could not delete what is protected, and would itself fail.
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  #makeClient(portalUrl: string): UserPoolClient {
    return this.#pool.addClient('Portal', {
      generateSecret: false,
      // Not `{}`: without a named flow Cognito allows SRP and custom ones, which bypass the login pages. Naming a disabled flow
      // leaves only refresh, which every client has.
      authFlows: { userSrp: false },
      oAuth: {
        flows: { authorizationCodeGrant: true },
        scopes: [OAuthScope.OPENID, OAuthScope.EMAIL],
        callbackUrls: [portalUrl],
        logoutUrls: [portalUrl],
      },
      supportedIdentityProviders: [UserPoolClientIdentityProvider.COGNITO],
      preventUserExistenceErrors: true,
      idTokenValidity: Duration.minutes(60),
      refreshTokenValidity: Duration.hours(8),
    });
  }
}
