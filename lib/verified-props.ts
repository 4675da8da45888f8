import { Arn, ArnFormat, Stage, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { z } from 'zod';
import type { AlarmTarget } from './constructs/stage-alarms.ts';
import { readSettings, SETTING_NAMES, type Settings } from './settings.ts';
import type { SETTINGS } from './settings-schema.ts';
import { GLOBAL_REGION } from './stacks/global-stack.ts';

/** The settings of a stage; docs/deploy.md explains each. All are optional. */
export type StageSettings = Partial<z.output<typeof SETTINGS>>;

/** The settings of a stage, as its file has them, and what only code can pass. */
export interface VerifiedProps extends StageSettings {
  /** For everything that has tags, in addition to `application` and `stage`. A tag of one of these names replaces it. */
  readonly tags?: Readonly<Record<string, string>>;
  /** ARN or name of a managed policy: the permissions boundary of every role, those of CDK's own functions included. */
  readonly permissionsBoundary?: string;
  /**
   * A topic, or its ARN, in the stage's region: alarms go there, instead of a topic that is created. Its policy has to let
   * cloudwatch.amazonaws.com publish, and so does the policy of its key if it is encrypted.
   */
  readonly alarmTopic?: AlarmTarget;
  /** A topic, or its ARN, in us-east-1, for the alarms on the distribution, whose metrics exist there only. As `alarmTopic`. */
  readonly globalAlarmTopic?: AlarmTarget;
}

const ONLY_IN_CODE = [
  'tags',
  'permissionsBoundary',
  'alarmTopic',
  'globalAlarmTopic',
] as const satisfies readonly Exclude<keyof VerifiedProps, keyof StageSettings>[];

const checkNames = (props: VerifiedProps): void => {
  const known: readonly string[] = [...SETTING_NAMES, ...ONLY_IN_CODE];
  const foreign = Object.keys(props).filter((name) => !known.includes(name));
  if (foreign.length > 0) throw new Error(`Verified has no property ${foreign.join(', ')}. See docs/library.md.`);
};

const regionOf = (topic: AlarmTarget): string | undefined =>
  typeof topic === 'string' ? Arn.split(topic, ArnFormat.NO_RESOURCE_NAME).region : topic.env.region;

/** CloudWatch developer documentation, "Notifying users on alarm changes": alarms notify topics of their own region. */
const checkTopic = (name: 'alarmTopic' | 'globalAlarmTopic', topic: AlarmTarget | undefined, region: string): void => {
  if (topic === undefined || Token.isUnresolved(topic)) return;
  const own = regionOf(topic);
  if (own !== undefined && !Token.isUnresolved(own) && own !== region)
    throw new Error(`${name} is in ${own}; alarms in ${region} can only notify a topic there`);
};

/** What the stage of CDK around the construct says about its place, where the settings say nothing. */
const placeAround = (scope: Construct): StageSettings => {
  const { region, account } = Stage.of(scope) ?? {};
  const isKnown = (value: string | undefined): value is string => value !== undefined && !Token.isUnresolved(value);
  return { ...(isKnown(region) ? { region } : {}), ...(isKnown(account) ? { account } : {}) };
};

/**
 * The settings in the properties, checked as those of a stage's file are.
 * @throws Error with one line for each property that is unknown or invalid, and the reason
 */
export const settingsIn = (scope: Construct, props: VerifiedProps): Settings => {
  checkNames(props);
  const values = { ...placeAround(scope), ...props };
  const settings = readSettings((name) => values[name], `The settings of ${scope.node.path}`);
  checkTopic('alarmTopic', props.alarmTopic, settings.region);
  checkTopic('globalAlarmTopic', props.globalAlarmTopic, GLOBAL_REGION);
  return settings;
};
