import type { OracleName } from './oracle.ts';

/** A choice of Verified that oracles contradict, and why it stays. */
export interface Choice {
  /**
   * The rules that object, by oracle, as the oracle names them. Each must still object. `compliance`: cdk-nag's packs for NIST 800-53 and
   * HIPAA, which name a rule alike; test/lib/stacks/findings.ts asks them in every `npm test`.
   */
  readonly rules: Partial<Readonly<Record<OracleName | 'compliance', readonly string[]>>>;
  /** Path of the construct below its stack. */
  readonly place: RegExp;
  readonly reason: string;
}

/** Every function of Verified, and those of CDK, which run while a deployment does. */
const FUNCTIONS = /^Custom::|\/Function\/Resource$/;
const BUCKETS = /^(AccessLogs|Faces\/Bucket|Pages\/Bucket)\/Resource$/;
const KEYS = /^(AlarmKey|IntegrationKey\/Key|FaceKey\/Key|Key)\/Resource$/;
const SECRETS = /^FrontDoor\/Generation\d+Secret\/Resource$/;

/**
 * Everything that an oracle says and that stays as it is. Another finding fails the run, and so does a choice to which no oracle objects
 * any more.
 */
export const CHOICES: readonly Choice[] = [
  // The distribution.
  {
    rules: { checkov: ['CKV_AWS_86'], 'control-tower': ['CT.CLOUDFRONT.PR.5'] },
    place: /^Distribution\/Resource$/,
    reason: 'Access logs would contain the query of /s/* with a session token; the API logs route and status.',
  },
  {
    rules: {
      checkov: ['CKV_AWS_174'],
      'control-tower': ['CT.CLOUDFRONT.PR.6', 'CT.CLOUDFRONT.PR.7', 'CT.CLOUDFRONT.PR.9'],
    },
    place: /^Distribution\/Resource$/,
    reason:
      "Without a domain name, CloudFront's own certificate fixes the policy; with one it is TLSv1.2_2021, with SNI.",
  },
  {
    rules: { 'control-tower': ['CT.CLOUDFRONT.PR.1'] },
    place: /^Distribution\/Resource$/,
    reason: 'Nothing is served at the root: users come with a link, operators to /portal/.',
  },
  {
    rules: { 'control-tower': ['CT.CLOUDFRONT.PR.4'] },
    place: /^Distribution\/Resource$/,
    reason:
      'A second origin would need a second copy of accounts and faces; a login that fails is denied with a signed answer.',
  },
  {
    rules: { checkov: ['CKV_AWS_68'] },
    place: /^Distribution\/Resource$/,
    reason:
      'The web ACL is a setting (waf, webAclArn), since it costs 9 US dollars a month; routes are limited without it.',
  },
  {
    rules: { compliance: ['WAFv2LoggingEnabled'] },
    place: /^WebAcl$/,
    reason: 'Its logs would contain the query of /s/* with a session token; what it blocks is counted in CloudWatch.',
  },
  // The API.
  {
    rules: { 'control-tower': ['CT.APIGATEWAY.PR.5'] },
    place: /^(?!portal)\w+Route\/Resource$/,
    reason: 'The caller proves itself to the function: a signed link, then a session cookie, or an API key.',
  },
  {
    rules: { 'control-tower': ['CT.LAMBDA.PR.2'] },
    place: /Route\/\w+Integration-Permission$/,
    reason: 'SourceArn names the API and the route; the rule does not read Fn::Join.',
  },
  // Functions.
  {
    rules: { checkov: ['CKV_AWS_115'], compliance: ['LambdaConcurrency'] },
    place: FUNCTIONS,
    reason:
      "A setting (accountConcurrency): a new account has nothing to reserve. CDK's functions run in deployments alone.",
  },
  {
    rules: { checkov: ['CKV_AWS_116'], compliance: ['LambdaDLQ'] },
    place: FUNCTIONS,
    reason: "API Gateway calls them and gets their errors; housekeeping's jobs stay in a table until they are done.",
  },
  {
    rules: { checkov: ['CKV_AWS_117'], 'control-tower': ['CT.LAMBDA.PR.3'], compliance: ['LambdaInsideVPC'] },
    place: FUNCTIONS,
    reason: 'They reach nothing but APIs of AWS and webhooks on the internet; a VPC would add its cost and no barrier.',
  },
  {
    rules: { checkov: ['CKV_AWS_173'] },
    place: FUNCTIONS,
    reason:
      'Encrypted with a key of AWS. Whoever may read the configuration of functions sees the front door’s secret, and could pass CloudFront and claim an address; it opens no login, account or face.',
  },
  {
    rules: { 'control-tower': ['CT.CLOUDWATCH.PR.2'] },
    place: /Logs\/Resource$/,
    reason: 'Logs are kept no longer than they are needed: 90 days, or what logRetentionDays says.',
  },
  {
    rules: {
      checkov: ['CKV_AWS_158'],
      'control-tower': ['CT.CLOUDWATCH.PR.3'],
      compliance: ['CloudWatchLogGroupEncrypted'],
    },
    place: /Logs\/Resource$/,
    reason: 'CloudWatch encrypts them with a key of AWS; no secret, token, face or score is logged.',
  },
  {
    rules: { compliance: ['IAMNoInlinePolicy'] },
    place: /\/DefaultPolicy\/Resource$/,
    reason: 'Every role is for one function; a policy that could be attached to others would be a risk, not a control.',
  },
  {
    rules: { 'cfn-lint': ['W3005'] },
    place: /^Custom::|\/Function\/Resource$|^SignIn\/Default\/Operators\/|^Trail$/,
    reason: 'CDK says in so many words what has to wait for what, also where a reference says so.',
  },
  // The secret between distribution and functions.
  {
    rules: { checkov: ['CKV_AWS_149'], compliance: ['SecretsManagerUsingKMSKey'] },
    place: SECRETS,
    reason: 'Only CloudFormation reads it, while a deployment runs; a key of our own would keep nobody else out.',
  },
  {
    rules: { compliance: ['SecretsManagerRotationEnabled'] },
    place: SECRETS,
    reason:
      'Distribution and functions must change together: it is rotated by a deployment (docs/runbook.md, rotation).',
  },
  // Tables, buckets and keys.
  {
    rules: { compliance: ['DynamoDBInBackupPlan'] },
    place: /^Tables\/\w+\/Resource$/,
    reason: 'Point-in-time recovery of 35 days; a longer backup would keep people who were deleted.',
  },
  {
    rules: {
      checkov: ['CKV_AWS_21'],
      'control-tower': ['CT.S3.PR.4', 'CT.S3.PR.9', 'CT.S3.PR.11'],
      compliance: ['S3BucketVersioningEnabled', 'S3BucketReplicationEnabled'],
    },
    place: BUCKETS,
    reason:
      'Deleting a face has to delete it: no versions, locks or copies. Pages come again with a deployment, logs of requests for them are worth no more. Nobody waits for events.',
  },
  // The trail of faces and audit log.
  {
    rules: {
      checkov: ['CKV_AWS_21'],
      'control-tower': ['CT.S3.PR.4', 'CT.S3.PR.9', 'CT.S3.PR.11'],
      compliance: ['S3BucketVersioningEnabled', 'S3BucketReplicationEnabled'],
    },
    place: /^Bucket\/Resource$/,
    reason:
      'CloudTrail writes a file once and signs its digest, so that one which was changed or removed is found. Whoever needs locked copies has a trail of the organization.',
  },
  {
    rules: {
      checkov: ['CKV_AWS_67'],
      'control-tower': ['CT.CLOUDTRAIL.PR.3'],
      compliance: ['CloudTrailCloudWatchLogsEnabled'],
    },
    place: /^Trail$/,
    reason:
      'It records accesses to what is in this region, for those who ask later; nothing watches it, and a trail of all regions and of management is the account’s.',
  },
  // What buckets hold.
  {
    rules: { 'control-tower': ['CT.S3.PR.10'], compliance: ['S3DefaultEncryptionKMS'] },
    place: /^(AccessLogs|Pages\/Bucket)\/Resource$/,
    reason:
      'Pages are public, and S3 delivers access logs to a bucket with its own encryption; faces have a key of their own.',
  },
  {
    rules: { checkov: ['CKV_AWS_18'] },
    place: /^AccessLogs\/Resource$/,
    reason: 'The bucket of the access logs itself.',
  },
  {
    rules: { 'control-tower': ['CT.S3.PR.2'] },
    place: /^(AccessLogs|Pages\/Bucket|Bucket)\/Resource$/,
    reason:
      'One is the bucket of the access logs itself, the others have them: the rule does not see a bucket of another stack.',
  },
  {
    rules: { 'control-tower': ['CT.S3.PR.6'] },
    place: /^Pages\/Bucket\/Resource$/,
    reason: 'Pages do not age.',
  },
  {
    rules: {
      'control-tower': ['CT.KMS.PR.3'],
      policies: ['parliament PERMISSIONS_MANAGEMENT_ACTIONS', 'parliament RESOURCE_STAR'],
    },
    place: KEYS,
    reason:
      'As AWS recommends it: the account decides by IAM who administers a key, and in a key’s policy "*" is the key. No role of Verified may create a grant.',
  },
  // Policies.
  {
    rules: { policies: ['parliament CREDENTIALS_EXPOSURE'] },
    place: /^(enroll|verify)\/Role\/DefaultPolicy\/Resource$/,
    reason: 'They give the browser credentials of the stream role, which can open a liveness stream and nothing else.',
  },
  {
    rules: { policies: ['parliament MISMATCHED_TYPE', 'parliament UNKNOWN_CONDITION_FOR_ACTION'] },
    place: /^(AccessLogs|Faces\/Bucket|Pages\/Bucket|Bucket)\/Policy\/Resource$/,
    reason:
      'parliament takes 1.2 for no number, and its list has no s3:TlsVersion for one of the actions that a Deny of s3:* includes.',
  },
  {
    rules: {
      policies: [
        'parliament PERMISSIONS_MANAGEMENT_ACTIONS',
        'parliament RESOURCE_POLICY_PRIVILEGE_ESCALATION',
        'parliament RESOURCE_MISMATCH',
      ],
    },
    place: /^Pages\/Bucket\/Policy\/Resource$/,
    reason:
      "CDK's function that empties the bucket of the pages when it is deleted first locks out writers, by its policy.",
  },
  {
    rules: { policies: ['parliament RESOURCE_MISMATCH'] },
    place: /^Custom::CDKBucketDeployment.*\/DefaultPolicy\/Resource$/,
    reason:
      "CDK's function that copies the pages names actions by List* and GetObject*; some of them need other resources.",
  },
  // What a stage leaves behind.
  {
    rules: { deployment: ['left after cdk destroy'] },
    place:
      /^(stack data|(bucket|table) verified-prod-data-.+|user pool verified-prod-web-SignInOperators.+|key Enabled Verified: .+)$/,
    reason: 'Kept on purpose (docs/deploy.md, "Tear down").',
  },
  {
    rules: { deployment: ['left after cdk destroy', 'left after removing everything'] },
    place:
      /^(key PendingDeletion Verified: .+|log group( in us-east-1)? \/aws\/lambda\/verified-prod-(web|firewall(-eu-west-1)?)-Custom.+)$/,
    reason: 'Lambda and KMS leave them (docs/deploy.md, "Tear down").',
  },
  // Style.
  {
    rules: { 'cfn-lint': ['I1022'] },
    place: /./,
    reason: 'CDK writes Fn::Join; nobody writes or reads the templates by hand.',
  },
  {
    rules: { 'cfn-lint': ['I4010'] },
    place: /./,
    reason: 'A description for tools that know nothing but the template; ours is docs/architecture.md.',
  },
];
