import { ACTION_SETTINGS } from '../../installer/action-settings.ts';
import { DEFAULT_ACTION_NAME } from '../../installer/command-line.ts';
import { ACTION_RUNTIME } from '../../installer/desired-action.ts';

/** Where the built Action stands in the package. */
export const DEPLOY_CLI_CODE = 'deploy-cli/actions/verified-face-factor/code.js';

/**
 * `##NAME##` is replaced by auth0-deploy-cli from the environment; a default stands as it is. Settings that are blank by
 * default are left out, since Auth0 keeps no secret without a value.
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

/** Nothing but these is touched, and nothing deleted. */
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
