import { ACTION_SETTINGS } from '../../installer/action-settings.ts';
import { DEFAULT_ACTION_NAME } from '../../installer/command-line.ts';
import { ACTION_RUNTIME } from '../../installer/desired-action.ts';

/** Path of the built Action in the package. */
export const DEPLOY_CLI_CODE = 'deploy-cli/actions/verified-face-factor/code.js';

/**
 * auth0-deploy-cli replaces `##NAME##` from the environment; a default is written as its value. Settings that are blank by
 * default are omitted, since Auth0 keeps no secret without a value.
 */
const secrets = () =>
  ACTION_SETTINGS.filter(({ isRequired, defaultValue }) => isRequired || defaultValue !== null).map(
    ({ name, defaultValue }) => ({
      name,
      value: defaultValue ?? `##VERIFIED_${name}##`,
    }),
  );

const action = () => ({
  name: DEFAULT_ACTION_NAME,
  code: './actions/verified-face-factor/code.js',
  runtime: ACTION_RUNTIME,
  deployed: true,
  dependencies: [],
  secrets: secrets(),
  supported_triggers: [{ id: 'post-login', version: 'v3' }],
});

const triggers = () => ({
  'post-login': [{ action_name: DEFAULT_ACTION_NAME, display_name: DEFAULT_ACTION_NAME }],
});

/** Only these resources are changed, and none is deleted. */
const CONFIG = `{
  "AUTH0_INCLUDED_ONLY": ["actions", "triggers"],
  "AUTH0_ALLOW_DELETE": false
}
`;

const json = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;

/** The directory for auth0-deploy-cli without the Action's code, by path. */
export const deployCliPackage = (): Readonly<Record<string, string>> => ({
  'deploy-cli/config.json': CONFIG,
  'deploy-cli/actions/verified-face-factor.json': json(action()),
  'deploy-cli/triggers/triggers.json': json(triggers()),
});
