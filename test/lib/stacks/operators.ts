import { Match } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { INVITATION_SECONDS } from '../../../lambdas/core/accounts/members.ts';
import type { Stage } from '../stages.ts';
import { of } from './made-stages.ts';

/** The pool of operators of a stage without an issuer of its own. */
const POOL = { Ref: 'SignInOperators3E0CE061' };

test('T70 the pool signs in by managed login, which honors `prompt=login`, in a plan that has it, with pages for the client', () => {
  for (const stage of ['dev', 'prod'] as const) {
    const { web } = of(stage).templates;
    // Unchanged logical ids: with another one a deployment would replace the operators' pool with an empty one.
    expect(Object.keys(web.findResources('AWS::Cognito::UserPool'))).toEqual([POOL.Ref]);
    web.hasResourceProperties('AWS::Cognito::UserPool', { UserPoolTier: 'ESSENTIALS', UsernameAttributes: ['email'] });
    web.hasResourceProperties('AWS::Cognito::UserPoolDomain', { ManagedLoginVersion: 2, UserPoolId: POOL });
    const [clientId = ''] = Object.keys(web.findResources('AWS::Cognito::UserPoolClient'));
    web.hasResourceProperties('AWS::Cognito::ManagedLoginBranding', {
      UserPoolId: POOL,
      ClientId: { Ref: clientId },
      UseCognitoProvidedValues: true,
    });
    // A domain that switched to managed login before its pages exist would turn operators away.
    const [brandingId = ''] = Object.keys(web.findResources('AWS::Cognito::ManagedLoginBranding'));
    web.hasResource('AWS::Cognito::UserPoolDomain', { DependsOn: Match.arrayWith([brandingId]) });
  }
});

test('T67 nobody gets tokens of the pool without its login pages: refresh is the only named flow', () => {
  // If omitted, it means SRP and custom flows too (CloudFormation, AWS::Cognito::UserPoolClient, ExplicitAuthFlows).
  of('dev').templates.web.allResourcesProperties('AWS::Cognito::UserPoolClient', {
    ExplicitAuthFlows: ['ALLOW_REFRESH_TOKEN_AUTH'],
    AllowedOAuthFlows: ['code'],
    AllowedOAuthScopes: ['openid', 'email'],
  });
});

test('the e-mail with a temporary password says where to use it, ends a line with it, and it is valid as long as an invitation', () => {
  const { web } = of('dev').templates;
  const { AdminCreateUserConfig, Policies } =
    web.findResources('AWS::Cognito::UserPool')[POOL.Ref]?.['Properties'] ?? {};
  const { EmailMessage, EmailSubject } = AdminCreateUserConfig.InviteMessageTemplate;
  const words = JSON.stringify(EmailMessage);
  // Cognito refuses a template without either (developer guide, "Customizing user invitation messages").
  expect(words).toMatch(/<br>\{####\}<\/p>.*\{username\}/s);
  expect(words).toContain('/portal/');
  expect(EmailSubject.length).toBeLessThanOrEqual(140);
  expect(Policies.PasswordPolicy.TemporaryPasswordValidityDays * 86_400).toBe(INVITATION_SECONDS);
});

test('T68 one function may create users, only in the pool of this stage; none may if the issuer is another', () => {
  const makers = (stage: Stage) =>
    Object.entries(of(stage).templates.service.findResources('AWS::IAM::Policy')).flatMap(([id, { Properties }]) =>
      z
        .array(z.looseObject({ Action: z.unknown(), Resource: z.unknown() }))
        .parse(Properties['PolicyDocument']['Statement'])
        .filter(({ Action }) => JSON.stringify(Action).includes('cognito'))
        .map(({ Action, Resource }) => [id.replace(/RoleDefaultPolicy.*/, ''), Action, JSON.stringify(Resource)]),
    );
  expect(makers('staging')).toEqual([]);
  for (const stage of ['dev', 'prod'] as const) {
    expect(makers(stage)).toEqual([
      [
        'accounts',
        'cognito-idp:AdminCreateUser',
        expect.stringMatching(`:cognito-idp:.*:userpool/{{resolve:ssm:/verified/${stage}/operator-pool}}`),
      ],
    ]);
    of(stage).templates.web.hasResourceProperties('AWS::SSM::Parameter', {
      Name: `/verified/${stage}/operator-pool`,
      Value: POOL,
    });
    // An export of the pool would prevent a later switch to another issuer: CloudFormation keeps what another stack imports.
    expect(JSON.stringify(of(stage).templates.service.toJSON())).not.toMatch(/Fn::ImportValue[^}]*SignIn/);
  }
});
