import { z } from 'zod';
import { LIVENESS_REGIONS } from './regions.ts';
import {
  AccountId,
  CertificateArn,
  Count,
  Flag,
  HostedZoneId,
  HostName,
  Issuer,
  LivenessRegion,
  LogRetentionDays,
  MultiRegionKeyArn,
  Region,
  StageName,
  WebAclArn,
} from './setting-types.ts';

/**
 * Every setting of a deployment, declared once: names, types and defaults. docs/deploy.md explains each; a test compares, and writes the
 * JSON Schema of the files from both.
 */
export const SETTINGS = z.strictObject({
  stage: StageName.default('dev'),
  region: Region.default('eu-west-1'),
  account: AccountId.optional(),
  livenessRegion: LivenessRegion.optional(),
  multiRegionKeys: Flag.default(false),
  primaryIntegrationKeyArn: MultiRegionKeyArn.optional(),
  primaryFaceKeyArn: MultiRegionKeyArn.optional(),
  domainName: HostName.optional(),
  certificateArn: CertificateArn.optional(),
  hostedZoneId: HostedZoneId.optional(),
  webAclArn: WebAclArn.optional(),
  waf: Flag.default(false),
  wafRequestsPerAddress: Count(100, 2_000_000_000).default(2000),
  alarmEmail: z.email('must be an e-mail address').optional(),
  noticeSender: z.email('must be an e-mail address').optional(),
  monthlyBudgetUsd: Count(1, 1_000_000).optional(),
  dailyLivenessLimit: Count(10, 10_000_000).default(2000),
  livenessSessionsAtOnce: Count(1, 1_000_000).optional(),
  accountConcurrency: Count(1, 1_000_000).optional(),
  requestsPerSecond: Count(5, 10_000).default(100),
  logRetentionDays: LogRetentionDays.default(90),
  cloudTrail: Flag.default(false),
  oidcIssuer: Issuer.optional(),
  oidcAudience: z.string().min(1).optional(),
  portalSignUp: Flag.default(false),
  frontDoorGeneration: Count(1, 1_000_000).default(1),
});

/** Whether an ARN belongs to the account, if the settings name one. */
const isOfAccount = (arn: string | undefined, account: string | undefined): boolean =>
  arn === undefined || account === undefined || arn.split(':')[4] === account;

/** Whether the keys of another stage can be the primary keys of the replicas of this one. */
const arePrimaries = (settings: {
  readonly region: string;
  readonly primaryIntegrationKeyArn?: string | undefined;
  readonly primaryFaceKeyArn?: string | undefined;
}): boolean => {
  const { primaryIntegrationKeyArn: integrations, primaryFaceKeyArn: faces, region } = settings;
  if (integrations === undefined || faces === undefined) return true;
  const [ofIntegrations, ofFaces] = [integrations, faces].map((arn) => arn.split(':').slice(3, 5).join(':'));
  return integrations !== faces && ofIntegrations === ofFaces && !integrations.startsWith(`arn:aws:kms:${region}:`);
};

/** The settings with the rules between them, and with the liveness region that follows from the region. */
export const SettingsSchema = SETTINGS.refine(
  ({ domainName, certificateArn }) => domainName !== undefined || certificateArn === undefined,
  { path: ['certificateArn'], error: 'is the certificate of domainName, which is not set' },
)
  .refine(({ domainName, hostedZoneId }) => domainName !== undefined || hostedZoneId === undefined, {
    path: ['hostedZoneId'],
    error: 'is the hosted zone of domainName, which is not set',
  })
  .refine(
    ({ domainName, certificateArn, hostedZoneId }) =>
      domainName === undefined || certificateArn !== undefined || hostedZoneId !== undefined,
    {
      path: ['certificateArn'],
      error: 'domainName needs a certificate: set its ARN, or hostedZoneId, with which one is created',
    },
  )
  .refine(({ certificateArn, account }) => isOfAccount(certificateArn, account), {
    path: ['certificateArn'],
    error: 'is in another account than account; CloudFront takes a certificate of its own account only',
  })
  .refine(({ webAclArn, account }) => isOfAccount(webAclArn, account), {
    path: ['webAclArn'],
    error: 'is in another account than account; CloudFront takes a web ACL of its own account only',
  })
  .refine(
    ({ primaryIntegrationKeyArn, primaryFaceKeyArn }) =>
      (primaryIntegrationKeyArn === undefined) === (primaryFaceKeyArn === undefined),
    { path: ['primaryFaceKeyArn'], error: 'primaryIntegrationKeyArn and primaryFaceKeyArn belong together' },
  )
  .refine(arePrimaries, {
    path: ['primaryFaceKeyArn'],
    error:
      'must be, like primaryIntegrationKeyArn, a key of the one stage in another region that this one stands by for',
  })
  .refine(({ primaryFaceKeyArn, account }) => isOfAccount(primaryFaceKeyArn, account), {
    path: ['primaryFaceKeyArn'],
    error: 'is in another account than account; a key has replicas in its own account only',
  })
  .refine(
    ({ multiRegionKeys, primaryIntegrationKeyArn }) => !multiRegionKeys || primaryIntegrationKeyArn === undefined,
    {
      path: ['multiRegionKeys'],
      error: 'creates primary keys, but primaryIntegrationKeyArn makes the keys of this stage replicas',
    },
  )
  .refine(({ oidcIssuer, oidcAudience }) => (oidcIssuer === undefined) === (oidcAudience === undefined), {
    path: ['oidcAudience'],
    error: 'oidcIssuer and oidcAudience belong together',
  })
  .refine(({ waf, webAclArn }) => !waf || webAclArn === undefined, {
    path: ['waf'],
    error: 'creates a web ACL, but webAclArn names one already: set only one of the two',
  })
  .refine(({ monthlyBudgetUsd, alarmEmail }) => monthlyBudgetUsd === undefined || alarmEmail !== undefined, {
    path: ['monthlyBudgetUsd'],
    error: 'notifies alarmEmail, which is not set',
  })
  .transform((settings, context) => {
    const livenessRegion =
      settings.livenessRegion ?? LIVENESS_REGIONS.find((region) => region === settings.region) ?? null;
    if (livenessRegion === null) {
      context.addIssue({
        code: 'custom',
        path: ['livenessRegion'],
        message: `${settings.region} has no Face Liveness; choose one of ${LIVENESS_REGIONS.join(', ')}`,
      });
      return z.NEVER;
    }
    return { ...settings, livenessRegion };
  });

export type Settings = z.output<typeof SettingsSchema>;
