const ACCOUNT = '111122223333';

/**
 * Settings of one stage between which a deployer may change, in any direction and in one step. Together they vary every setting
 * that is not part of the stage's identity.
 */
export const SETTINGS_SETS = {
  minimal: { stage: 'dev', region: 'eu-west-1' },
  domain: {
    stage: 'dev',
    region: 'eu-west-1',
    domainName: 'verify.example.com',
    certificateArn: `arn:aws:acm:us-east-1:${ACCOUNT}:certificate/00000000-0000-0000-0000-000000000000`,
    accountConcurrency: '1000',
    noticeSender: 'verified@example.com',
    dailyLivenessLimit: '50',
    frontDoorGeneration: '2',
  },
  zone: {
    stage: 'dev',
    region: 'eu-west-1',
    domainName: 'verify.example.com',
    hostedZoneId: 'Z0123456789ABCDEFGHIJ',
  },
  issuer: {
    stage: 'dev',
    region: 'eu-west-1',
    livenessRegion: 'us-west-2',
    webAclArn: `arn:aws:wafv2:us-east-1:${ACCOUNT}:global/webacl/verified/00000000-0000-0000-0000-000000000000`,
    oidcIssuer: 'https://login.example.com',
    oidcAudience: 'verified-portal',
    alarmEmail: 'oncall@example.com',
    requestsPerSecond: '200',
    logRetentionDays: '30',
    cloudTrail: 'on',
    livenessSessionsAtOnce: '40',
  },
  everything: {
    stage: 'dev',
    region: 'eu-west-1',
    waf: 'on',
    wafRequestsPerAddress: '500',
    alarmEmail: 'security@example.com',
    monthlyBudgetUsd: '500',
    portalSignUp: 'on',
    frontDoorGeneration: '2',
  },
  rotated: { stage: 'dev', region: 'eu-west-1', frontDoorGeneration: '5' },
} as const satisfies Record<string, Readonly<Record<string, string>>>;

export type SettingsSet = keyof typeof SETTINGS_SETS;
