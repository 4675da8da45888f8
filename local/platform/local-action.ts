import { readFile } from 'node:fs/promises';
import { desireInstalled } from '../../action/installer/desired-action.ts';
import type { ActionSource } from '../tenant/actions/load-action.ts';
import { MANAGEMENT_SCOPES } from '../tenant/management/access.ts';
import { GRANT, type TenantClient } from '../tenant/openid/tenant-client.ts';

/** The installer's default name, so that it finds this Action without `--name`. */
const ACTION_NAME = 'Verified face factor';

/** The application by which the installer logs in to the local tenant; its secret opens nothing elsewhere. */
export const INSTALLER_CLIENT: TenantClient = {
  clientId: 'verified-installer',
  clientSecret: 'local-installer-of-this-machine-only',
  name: 'Verified installer',
  redirectUris: [],
  logoutUris: [],
  metadata: {},
  grantTypes: [GRANT.client],
  managementScopes: MANAGEMENT_SCOPES,
};

/**
 * The built Action as the installer would have installed it in the tenant, with the record that the installer reads later.
 * @param settings every setting except the Session Secret
 */
export const localAction = async (
  file: string,
  settings: Readonly<Record<string, string>>,
  sessionSecret: string,
): Promise<ActionSource> => {
  const request = { code: await readFile(file, 'utf8'), settings, isForced: false };
  const secrets = { given: () => undefined, require: async () => sessionSecret };
  const { draft } = await desireInstalled(null, request, secrets);
  return { name: ACTION_NAME, code: draft.code, secrets: draft.secrets ?? {} };
};
