import { z } from 'zod';
import { SETTINGS } from '../../lib/settings-schema.ts';

/** One setting, as the table of docs/deploy.md explains it. */
export interface DocumentedSetting {
  readonly name: string;
  /** In words or code, as the page shows it. */
  readonly defaultValue: string;
  readonly effect: string;
}

/** The rows of the table of settings. */
export const documentedSettings = (page: string): readonly DocumentedSetting[] =>
  [...page.matchAll(/^\| `(\w+)` \| ([^|]+) \| ([^|]{20,}) \|$/gm)].map(
    ([, name = '', defaultValue = '', effect = '']) => ({ name, defaultValue, effect }),
  );

const withoutLinks = (text: string): string => text.replaceAll(/\[([^\]]+)\]\([^)]+\)/g, '$1');

/**
 * The JSON Schema of the file of a stage, by which editors complete, explain and check it: types and bounds as the settings declare
 * them, explanations as docs/deploy.md gives them.
 * @param page docs/deploy.md
 */
export const settingsSchema = (page: string): string => {
  const effects = new Map(documentedSettings(page).map(({ name, effect }) => [name, withoutLinks(effect)]));
  const { properties = {} } = z.toJSONSchema(SETTINGS.omit({ stage: true }), { target: 'draft-7', io: 'output' });
  const settings = Object.entries(properties).map(([name, property]) => [
    name,
    { description: effects.get(name), ...(property as object) },
  ]);
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Settings of a stage of Verified',
    type: 'object',
    additionalProperties: false,
    properties: { $schema: { type: 'string' }, ...Object.fromEntries(settings) },
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
};
