/** An accepted finding of cdk-nag, and why. Rule and path are matched as prefixes. */
export interface AcceptedFinding {
  readonly rule: string;
  /** Path of the construct below its stack. */
  readonly place: RegExp;
  readonly reason: string;
}

/** Every accepted finding of the AwsSolutions pack; the test fails for others, and for entries that no longer match. */
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
    reason: 'Logins come from wherever the users of the organization are.',
  },
  {
    rule: 'AwsSolutions-CFR3',
    place: /^Distribution/,
    reason: 'Access logs would contain the query of /s/* with a session token; the API logs route and status.',
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
    reason: 'Calls that DynamoDB requires for a customer managed key; valid only through DynamoDB (kms:ViaService).',
  },
  {
    rule: 'AwsSolutions-IAM5[Resource::verified-',
    place: /\/Role\/DefaultPolicy/,
    reason: 'Faces have random names below faces/.',
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
      'Threat protection (the plan Plus) is the deployer’s choice; every plan requires a second factor of everyone.',
  },
  {
    rule: 'AwsSolutions-APIG4',
    place: /Route\//,
    reason: 'Routes of the capture page: the caller proves itself by a signed link, then by its session cookie.',
  },
];
