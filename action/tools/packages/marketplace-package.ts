import { ACTION_SETTINGS, type ActionSetting } from '../../installer/action-settings.ts';

/** A form field of Auth0's Marketplace (Auth0-Marketplace/TEMPLATE-action-post-login, README). */
const fieldOf = ({ name, label, description, defaultValue, options }: ActionSetting) => ({
  name,
  label,
  description,
  ...(defaultValue === null ? {} : { default_value: defaultValue }),
  ...(options === null ? {} : { options }),
});

const configuration = () => ({
  secrets: ACTION_SETTINGS.filter((setting) => setting.isSecret).map(fieldOf),
  configuration: ACTION_SETTINGS.filter((setting) => !setting.isSecret).map(fieldOf),
  dependencies: [],
});

const fieldList = (isSecret: boolean): string =>
  ACTION_SETTINGS.filter((setting) => setting.isSecret === isSecret)
    .map(({ label, description, defaultValue, isRequired }) => {
      const fallback = isRequired ? 'Required.' : defaultValue === null ? 'Optional.' : `Default: \`${defaultValue}\`.`;
      return `    * **${label}**: ${description} ${fallback}`;
    })
    .join('\n');

const guide =
  (): string => `Verified asks for the user's face as a second factor of an Auth0 login. The first time, the user enrolls; after that, the user
verifies, each time with a liveness check. You run the service in your own AWS account.

## Prerequisites

1. An Auth0 account and tenant. [Sign up for free here](https://auth0.com/signup).
2. A deployed Verified service, and an account in its Identity Portal.

## Set up Verified

To configure the integration with Verified, follow the steps below.

1. In the Identity Portal, create an integration. Note its Integration Id and its Session Secret, which is shown once.
2. Add your Auth0 domain, and every custom domain of your tenant, to the integration's domains.

## Add the Auth0 Action

**Note:** Once the Action is successfully deployed, all logins for your tenant will be processed by this integration. Make sure this Action is installed and [verified on a test tenant](https://auth0.com/docs/get-started/auth0-overview/create-tenants/set-up-multiple-environments) before activating the integration in production.

1. Select **Add Integration** (at the top of this page).
1. Read the necessary access requirements and click **Continue**.
1. Configure the integration using the following fields:
${fieldList(false)}
${fieldList(true)}
1. Click **Create** to add the integration to your Library.
1. Click the **Add to flow** link on the pop-up that appears.
1. Drag the Action to the **last** place in the flow: an Action after it could overwrite its claims.
1. Click **Apply Changes**.

## Results

A login is sent to the face check and comes back with these claims in the ID token, and in the access token of an API:
\`https://authid.ai/claims/amr\` = \`MFA\`, \`https://authid.ai/claims/face_at\` (epoch seconds) and
\`https://authid.ai/claims/event\` (\`enrolled\` or \`verified\`). Your application compares \`amr\` with \`MFA\`. Read the
claims from the token, never from the answer of \`/userinfo\`, which may describe another session of the same user.

## Troubleshooting

A denied login carries a stable code in \`error_description\`, such as \`face_not_verified\` or \`face_configuration\`, and a
support id. \`face_configuration\` means that a field above is wrong; the Action's log names it.
`;

/** A smoke test in the form that the template's Jest runner requires; the project's own tests are elsewhere. */
const spec = `const { onExecutePostLogin, onContinuePostLogin } = require('./integration.action');

const apiMock = () => {
  const denied = [];
  const claims = { setCustomClaim: () => {} };
  return {
    denied,
    api: {
      access: { deny: (reason) => denied.push(reason) },
      idToken: claims,
      accessToken: claims,
      redirect: {
        encodeToken: () => 'token',
        sendUserTo: () => {},
        validateToken: () => {
          throw new Error('The session token is invalid');
        },
      },
    },
  };
};

const eventOf = (secrets, query = {}) => ({
  transaction: { id: 'transaction', protocol: 'oidc-basic-profile' },
  request: { hostname: 'tenant.example', query, body: {} },
  user: { user_id: 'auth0|0123456789abcdef01234567' },
  client: { client_id: 'client' },
  configuration: {},
  secrets,
});

describe('Verified face factor', () => {
  it('denies a login when a setting is missing, instead of letting it pass', async () => {
    const { api, denied } = apiMock();
    await onExecutePostLogin(eventOf({}), api);
    expect(denied).toHaveLength(1);
    expect(denied[0]).toMatch(/^face_configuration/);
  });

  it('denies an answer that is not genuine', async () => {
    const { api, denied } = apiMock();
    await onContinuePostLogin(eventOf({}, { state: 'state' }), api);
    expect(denied).toHaveLength(1);
  });
});
`;

/** Path of the built Action in the package. */
export const MARKETPLACE_CODE = 'marketplace/integration/integration.action.js';

/** The Marketplace package without the Action's code, by path. */
export const marketplacePackage = (): Readonly<Record<string, string>> => ({
  'marketplace/integration/configuration.json': `${JSON.stringify(configuration(), null, 2)}\n`,
  'marketplace/integration/installation_guide.md': guide(),
});

/** The package's Jest test, which makes sense only next to the Action's code. */
export const marketplaceSpec = (): Readonly<Record<string, string>> => ({
  'marketplace/integration/integration.action.spec.js': spec,
});
