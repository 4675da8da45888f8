import { SERVICE_FUNCTIONS } from './service-functions.ts';
import { SETTINGS, type Settings, SettingsSchema } from './settings-schema.ts';

export type { Settings } from './settings-schema.ts';

export type SettingName = keyof typeof SETTINGS.shape;
/** The names of all settings. */
export const SETTING_NAMES = Object.keys(SETTINGS.shape) as readonly SettingName[];

/** What the functions of a stage reserve together. */
const RESERVED_CONCURRENCY = SERVICE_FUNCTIONS.reduce((sum, { maxConcurrency }) => sum + maxConcurrency, 0);
/** What Lambda keeps for functions that reserve nothing (Lambda developer guide, "Configuring reserved concurrency for a function"). */
const KEPT_BY_LAMBDA = 100;

/** Lines about settings that fit their types and each other, but not the functions. */
const checkConcurrency = ({ accountConcurrency }: Settings): readonly string[] => {
  const needed = RESERVED_CONCURRENCY + KEPT_BY_LAMBDA;
  if (accountConcurrency === undefined || accountConcurrency >= needed) return [];
  return [
    `accountConcurrency: ${accountConcurrency} is too little: the functions reserve ${RESERVED_CONCURRENCY}, and Lambda keeps ${KEPT_BY_LAMBDA} for others. Ask for ${needed} (Service Quotas, Lambda, Concurrent executions), or leave this out: then nothing is reserved`,
  ];
};

const fail = (subject: string, lines: readonly string[]): never => {
  throw new Error(`${subject} are wrong:\n${lines.map((line) => `  ${line}`).join('\n')}\nSee docs/deploy.md.`);
};

/**
 * Checks the values of settings. Commands read them from the file of a stage (stage-file.ts), which calls this.
 * @param read the value of a setting, undefined if it is not set
 * @param subject begins the sentence that refuses them
 * @throws Error with one line for each invalid setting and the reason
 */
export const readSettings = (
  read: (name: SettingName) => unknown,
  subject = 'The settings of this deployment',
): Settings => {
  const given = SETTING_NAMES.map((name) => [name, read(name)] as const).filter(([, value]) => value !== undefined);
  const empty = given.filter(([, value]) => value === '').map(([name]) => name);
  const result = SettingsSchema.safeParse(Object.fromEntries(given));
  const wrong = result.success
    ? checkConcurrency(result.data)
    : result.error.issues.map(({ path, message }) => `${path.join('.') || 'settings'}: ${message}`);
  const lines = [
    ...empty.map((name) => `${name}: is empty; is the variable that should hold it unset?`),
    ...wrong.filter((line) => !empty.some((name) => line.startsWith(`${name}:`))),
  ];
  return result.success && lines.length === 0 ? result.data : fail(subject, lines);
};
