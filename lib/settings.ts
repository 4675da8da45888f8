import { z } from 'zod';

/** Regions where Rekognition Face Liveness exists (AWS General Reference, Rekognition endpoints, read 2026-11). */
export const LIVENESS_REGIONS = [
  'us-east-1',
  'us-east-2',
  'us-west-2',
  'eu-west-1',
  'eu-central-1',
  'ap-northeast-1',
  'ap-south-1',
  'ap-southeast-2',
] as const;

export const StageName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,15}$/, 'must be 1 to 16 characters a-z, 0-9 and -')
  .default('dev');
export const Region = z
  .string()
  .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be a region, e.g. eu-west-1')
  .default('eu-west-1');
const Arn = z.string().regex(/^arn:aws[a-z-]*:/, 'must be an ARN');
const Email = z.email();
/** Context values from the command line are strings. */
const Flag = z
  .enum(['true', 'false', 'on', 'off'])
  .or(z.boolean())
  .transform((value) => [true, 'true', 'on'].includes(value));
const Count = (min: number, max: number) => z.coerce.number().int().min(min).max(max);

/**
 * Every setting of a deployment, given as CDK context: `-c name=value` or in `cdk.json`. docs/deploy.md explains each; a test
 * compares.
 */
const SettingsSchema = z
  .strictObject({
    stage: StageName,
    region: Region,
    account: z
      .string()
      .regex(/^\d{12}$/, 'must be 12 digits')
      .optional(),
    livenessRegion: z
      .enum(LIVENESS_REGIONS, {
        error: `Face Liveness exists in ${LIVENESS_REGIONS.join(', ')} only`,
      })
      .optional(),
    domainName: z
      .string()
      .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'must be a host name')
      .optional(),
    certificateArn: Arn.refine(
      (arn) => arn.includes(':acm:us-east-1:'),
      'must be in us-east-1, as CloudFront requires',
    ).optional(),
    webAclArn: Arn.refine((arn) => arn.includes(':global/webacl/'), 'must be a global (CLOUDFRONT) web ACL').optional(),
    waf: Flag.default(false),
    wafRequestsPerAddress: Count(100, 2_000_000_000).default(2000),
    alarmEmail: Email.optional(),
    noticeSender: Email.optional(),
    monthlyBudgetUsd: Count(1, 1_000_000).optional(),
    dailyLivenessLimit: Count(10, 10_000_000).default(2000),
    livenessSessionsAtOnce: Count(1, 1_000_000).optional(),
    reservedConcurrency: Flag.default(true),
    requestsPerSecond: Count(5, 10_000).default(100),
    logRetentionDays: z.coerce
      .number()
      .pipe(z.literal([7, 14, 30, 90, 180, 365]))
      .default(90),
    oidcIssuer: z.url({ protocol: /^https$/ }).optional(),
    oidcAudience: z.string().min(1).optional(),
    portalSignUp: Flag.default(false),
    frontDoorGeneration: Count(1, 1_000_000).default(1),
  })
  .refine(({ domainName, certificateArn }) => (domainName === undefined) === (certificateArn === undefined), {
    path: ['certificateArn'],
    error: 'domainName and certificateArn belong together',
  })
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

/** The names of all settings. */
export const SETTING_NAMES = [
  'stage',
  'region',
  'account',
  'livenessRegion',
  'domainName',
  'certificateArn',
  'webAclArn',
  'waf',
  'wafRequestsPerAddress',
  'alarmEmail',
  'noticeSender',
  'monthlyBudgetUsd',
  'dailyLivenessLimit',
  'livenessSessionsAtOnce',
  'reservedConcurrency',
  'requestsPerSecond',
  'logRetentionDays',
  'oidcIssuer',
  'oidcAudience',
  'portalSignUp',
  'frontDoorGeneration',
] as const satisfies readonly (keyof Settings)[];

/**
 * Checks the settings.
 * @throws Error with one line for each invalid setting and the reason
 */
export const readSettings = (read: (name: string) => unknown): Settings => {
  const given = Object.fromEntries(
    SETTING_NAMES.map((name) => [name, read(name)] as const).filter(([, value]) => value !== undefined && value !== ''),
  );
  const result = SettingsSchema.safeParse(given);
  if (result.success) return result.data;
  const lines = result.error.issues.map(({ path, message }) => `  ${path.join('.') || 'settings'}: ${message}`);
  throw new Error(`The settings of this deployment are wrong:\n${lines.join('\n')}\nSee docs/deploy.md.`);
};
