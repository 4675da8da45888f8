import { readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSettings, SETTING_NAMES, type SettingName, type Settings } from './settings.ts';
import { SETTINGS } from './settings-schema.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const FOLDER = 'stages';
const SCHEMA_FILE = join(ROOT, FOLDER, 'settings.schema.json');

/** What a command line says: the stage, the folder of the files, and settings, which have to be those of the file. */
export type Given = Readonly<Record<string, unknown>>;
type Values = Readonly<Record<string, unknown>>;

/** A file as commands name it: from the top of the project, if it is there. */
const nameOf = (file: string): string => {
  const path = relative(ROOT, file);
  return path.startsWith('..') ? file : path;
};

const isSetting = (name: string): name is SettingName => SETTING_NAMES.some((each) => each === name);
/** A value as the file should hold it: `"on"` of a command line is `true`. */
const asWritten = (name: string, value: unknown): unknown => {
  const parsed = isSetting(name) ? SETTINGS.shape[name].safeParse(value) : null;
  return parsed?.success ? parsed.data : value;
};
const lineOf = (name: string, value: unknown): string =>
  `${JSON.stringify(name)}: ${JSON.stringify(asWritten(name, value))}`;

/** The names that select a file; everything else on a command line is a setting. */
const settingsIn = (given: Given): readonly (readonly [string, unknown])[] =>
  Object.entries(given).filter(([name, value]) => !['stage', 'stages'].includes(name) && value !== undefined);

const unknownNames = (names: readonly string[]): readonly string[] =>
  names.filter((name) => !isSetting(name)).map((name) => `${name}: there is no such setting`);

/** What to write, for a stage that has no file yet: what the command line says, and the region. */
const explainMissing = (stage: string, file: string, given: Given): string => {
  const values = Object.fromEntries(settingsIn(given));
  const shown = { region: SETTINGS.shape.region.parse(undefined), ...values };
  const schema = relative(dirname(file), SCHEMA_FILE);
  const lines = [
    lineOf('$schema', schema.startsWith('.') ? schema : `./${schema}`),
    ...Object.entries(shown).map(([name, value]) => lineOf(name, value)),
  ];
  const path = nameOf(file);
  const how = given['stage'] === undefined ? ` Without a stage on the command line it is ${stage}.` : '';
  return `Stage ${stage} has no settings: there is no ${path}.${how} If it was deployed before, restore that file. If it is new, write it, for example:\n{\n${lines.map((line) => `  ${line}`).join(',\n')}\n}\ndocs/deploy.md explains every setting. Keep the file: every later command reads it again.`;
};

const readValues = (stage: string, file: string, given: Given): Values => {
  const path = nameOf(file);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new Error(explainMissing(stage, file, given));
    throw error;
  }
  let values: unknown;
  try {
    values = JSON.parse(text);
  } catch (error) {
    throw new Error(`${path} is not JSON: ${error instanceof Error ? error.message : error}`);
  }
  if (typeof values !== 'object' || values === null || Array.isArray(values))
    throw new Error(`${path} must hold one object: { "region": "eu-west-1", … }`);
  const { $schema: _forEditors, ...settings } = values as Record<string, unknown>;
  return settings;
};

/** Lines about what a command line says and the file does not. */
const differences = (given: Given, values: Values): readonly string[] =>
  settingsIn(given).flatMap(([name, value]) => {
    if (!isSetting(name)) return unknownNames([name]);
    const line = `write ${lineOf(name, value)} there, or leave it out here`;
    if (values[name] === undefined) return [`${name}: is not in the file; ${line}`];
    const own = asWritten(name, values[name]);
    if (asWritten(name, value) === own) return [];
    return [`${name}: is ${JSON.stringify(own)} in the file; ${line}`];
  });

const stageOf = ({ stage }: Given): string => readSettings((name) => (name === 'stage' ? stage : undefined)).stage;

/**
 * The settings of a stage, from its file `stages/STAGE.json`: the one place that commands take them from, so that a deployment gets what
 * the last one got. A command line names the stage (`stage`) and, for files that are kept elsewhere, their folder (`stages`, relative to
 * this project's). Whatever else it says has to be in the file too; it changes nothing by itself.
 * @param given what a command line says, by name
 * @throws Error that names the file, and the line to write, for settings that are missing, invalid or given past the file
 */
export const readStage = (given: Given): Settings => {
  const stage = stageOf(given);
  const { stages: folder = FOLDER } = given;
  if (folder === '') throw new Error('stages: is empty; is the variable that should hold the folder unset?');
  const file = resolve(ROOT, String(folder), `${stage}.json`);
  const path = nameOf(file);
  const values = readValues(stage, file, given);
  const foreign = [
    ...('stage' in values ? ['stage: is not set in the file, since its name says it; remove it'] : []),
    ...unknownNames(Object.keys(values)),
  ];
  if (foreign.length > 0)
    throw new Error(`${path} is wrong:\n${foreign.map((line) => `  ${line}`).join('\n')}\nSee docs/deploy.md.`);
  const settings = readSettings((name) => (name === 'stage' ? stage : values[name]), `The settings in ${path}`);
  const lines = differences(given, values);
  if (lines.length === 0) return settings;
  throw new Error(
    `The settings of stage ${stage} are those of ${path}. These were given besides, and change nothing:\n${lines.map((line) => `  ${line}`).join('\n')}`,
  );
};
