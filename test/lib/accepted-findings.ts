/** A finding of cdk-nag that stands, and why. Rule and place are matched from their beginning. */
export interface AcceptedFinding {
  readonly rule: string;
  /** Path of the construct below its stack. */
  readonly place: RegExp;
  readonly reason: string;
}

/** Every finding of the AwsSolutions pack that we accept; the test fails for others, and for entries that no longer match. */
export const ACCEPTED_FINDINGS: readonly AcceptedFinding[] = [
  {
    rule: 'AwsSolutions-IAM4',
    place: /^Custom::CDKBucketDeployment/,
    reason: "CDK's own function that copies the pages while a deployment runs; its role is CDK's.",
  },
  {
    rule: 'AwsSolutions-IAM5',
    place: /^Custom::CDKBucketDeployment/,
    reason: "CDK's own function: reads the assets and writes the bucket of the pages, which are public anyway.",
  },
  {
    rule: 'AwsSolutions-L1',
    place: /^Custom::CDKBucketDeployment/,
    reason: "CDK's own function; its runtime comes with CDK's version.",
  },
  {
    rule: 'AwsSolutions-SMG4',
    place: /^FrontDoor\//,
    reason:
      'Distribution and functions must change together: it is rotated by a deployment (docs/runbook.md, rotation).',
  },
  {
    rule: 'AwsSolutions-CFR1',
    place: /^Distribution/,
    reason: 'Logins come from wherever the people of the organisation are.',
  },
  {
    rule: 'AwsSolutions-CFR3',
    place: /^Distribution/,
    reason:
      'Access logs would hold the query of /s/*, in which a session token travels; the API logs routes and status.',
  },
  {
    rule: 'AwsSolutions-CFR4',
    place: /^Distribution/,
    reason: "Without a domain name CloudFront's own certificate fixes the policy; with one it is TLSv1.2_2021.",
  },
  {
    rule: 'AwsSolutions-IAM5[Resource::*]',
    place: /^(session|enroll|verify|housekeeping|accounts|integrations|users|transactions|automation|backend)\/Role/,
    reason: 'X-Ray, and Rekognition for face checks, name no resources (Service Authorization Reference).',
  },
  {
    rule: 'AwsSolutions-IAM5[Resource::*]',
    place: /^LivenessStream/,
    reason: 'rekognition:StartFaceLivenessSession names no resource; a session policy adds the end of its time.',
  },
  {
    rule: 'AwsSolutions-IAM5[Action::kms:',
    place: /\/Role\/DefaultPolicy/,
    reason:
      'What DynamoDB asks of its callers for a customer managed key; good through DynamoDB only (kms:ViaService).',
  },
  {
    rule: 'AwsSolutions-IAM5[Resource::verified-',
    place: /\/Role\/DefaultPolicy/,
    reason: 'Faces lie under random names below faces/.',
  },
  {
    rule: 'AwsSolutions-IAM5',
    place: /^SchedulerRoleForTarget/,
    reason: 'The schedule may call versions of the housekeeping function, which is the function.',
  },
  {
    rule: 'AwsSolutions-COG8',
    place: /^SignIn\/Default\/Operators/,
    reason:
      'Threat protection (the plan Plus) is the choice of who deploys; a second factor is asked of everybody in any plan.',
  },
  {
    rule: 'AwsSolutions-APIG4',
    place: /Route\//,
    reason: 'Routes of the capture page: the caller proves itself by a signed link, then by its session cookie.',
  },
];
