import { ACTION_SETTINGS, type ActionSetting } from '../../installer/action-settings.ts';
import { DEFAULT_ACTION_NAME } from '../../installer/command-line.ts';
import { ACTION_RUNTIME } from '../../installer/desired-action.ts';

/** Auth0 names a template's folder after its trigger. */
const FOLDER = 'verified-face-factor-POST_LOGIN';
/** Path of the built Action in the package. */
export const TEMPLATE_CODE = `actions-template/${FOLDER}/code.js`;

/** Must not change once it is published (auth0/opensource-marketplace, CONTRIBUTING). */
const TEMPLATE_ID = '5d7c2f0e-3b0f-4c58-9d7e-6a1f6f3d2b94';

/** JSON strings are YAML strings. */
const quote = (text: string): string => JSON.stringify(text);

const note = ({ name, description, isRequired, defaultValue }: ActionSetting): string => {
  const fallback = isRequired ? 'Required.' : defaultValue === null ? 'Optional.' : `Default \`${defaultValue}\`.`;
  return `  * \`${name}\`: ${description} ${fallback}`;
};

/** Initial values of the form; the schema requires at least two characters, so shorter defaults are only in the notes. */
const prefilled = (setting: ActionSetting): string | null => {
  if (setting.isRequired) return `your_${setting.name.toLowerCase()}`;
  return setting.defaultValue !== null && setting.defaultValue.length > 1 ? setting.defaultValue : null;
};

const manifest = (): string => {
  const secrets = ACTION_SETTINGS.flatMap((setting) => {
    const value = prefilled(setting);
    return value === null ? [] : [`  - label: ${quote(setting.name)}`, `    defaultValue: ${quote(value)}`];
  });
  return `id: ${quote(TEMPLATE_ID)}
name: ${quote(DEFAULT_ACTION_NAME)}
description: "Asks for the user's face as a second factor, on a page of your own Verified service, at every login or on request"
triggers:
  - "POST_LOGIN"
useCases:
  - "MULTIFACTOR"
public: true
runtime: ${quote(ACTION_RUNTIME)}
sourceUrl: "https://github.com/auth0/opensource-marketplace/tree/main/templates/${FOLDER}"
modules: []
notes: |
  **Settings**, as secrets of the Action

${ACTION_SETTINGS.map(note).join('\n')}

  Put the Action last in the flow, and add your Auth0 domain to the integration in Verified's Identity Portal.
secrets:
${secrets.join('\n')}
`;
};

/** The Actions Template without the Action's code, by path. */
export const actionsTemplatePackage = (): Readonly<Record<string, string>> => ({
  [`actions-template/${FOLDER}/manifest.yaml`]: manifest(),
});
