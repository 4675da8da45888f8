import { join } from 'node:path';
import { APP_METADATA } from '../../action/src/settings-of-login.ts';
import { AMR_CLAIM, DEFAULT_CLAIM_NAMESPACE, EVENT_CLAIM, FACE_AT_CLAIM } from '../../contract/protocol/claims.ts';
import { startDemoApp } from '../demo/start-demo-app.ts';
import type { TenantClient } from '../tenant/openid/tenant-client.ts';
import { startTenant, type TenantOptions } from '../tenant/start-tenant.ts';
import { INSTALLER_CLIENT, localAction } from './local-action.ts';
import type { Ports } from './ports.ts';
import type { RunningParts } from './running-parts.ts';
import type { Seed } from './seed.ts';

interface TenantAndBankOptions {
  readonly folder: string;
  readonly ports: Ports;
  readonly tenantHost: string;
  readonly captureUrl: string;
  readonly actionFile: string;
  readonly seeded: Seed;
  readonly portalClient: TenantClient;
  readonly users: TenantOptions['seedUsers'];
  readonly report: (line: string) => void;
  readonly tenantLog?: (line: string) => void;
}

/** The bank's two doors are two applications: one asks for the face at every login, one on demand. */
const doorsOf = (bankUrl: string, clientSecret: string) => {
  const face = {
    clientId: 'harbour-bank',
    clientSecret,
    name: 'Harbour Bank',
    redirectUris: [`${bankUrl}/callback`],
    logoutUris: [`${bankUrl}/`],
    metadata: {},
  };
  const password = {
    ...face,
    clientId: 'harbour-bank-on-demand',
    metadata: { [APP_METADATA.mode]: 'on-demand' },
  };
  return { face, password };
};

/** The side that asks for the face: a tenant with the built Action in its login flow, and an application that uses it. */
export const startTenantAndBank = async (parts: RunningParts, options: TenantAndBankOptions) => {
  const { ports, seeded, report } = options;
  const clients = doorsOf(`http://bank.localhost:${ports.bank}`, seeded.clientSecret);
  const settings = { INTEGRATION_ID: seeded.integrationId, CAPTURE_URL: options.captureUrl, MODE: 'always' };
  const action = () => localAction(options.actionFile, settings, seeded.sessionSecret);
  const tenant = await parts.add(
    startTenant({
      port: ports.tenant,
      hostname: options.tenantHost,
      folder: join(options.folder, 'tenant'),
      actions: [await action()],
      clients: [clients.face, clients.password, options.portalClient, INSTALLER_CLIENT],
      seedUsers: options.users,
      customClaims: [AMR_CLAIM, FACE_AT_CLAIM, EVENT_CLAIM].map((name) => `${DEFAULT_CLAIM_NAMESPACE}${name}`),
      ...(options.tenantLog === undefined ? {} : { log: options.tenantLog }),
    }),
  );
  report('Tenant: login pages and the Action');
  const bank = await parts.add(
    startDemoApp({
      port: ports.bank,
      hostname: 'bank.localhost',
      issuer: tenant.issuer,
      clients,
      claimNamespace: DEFAULT_CLAIM_NAMESPACE,
    }),
  );
  report('Harbour Bank, the demo app');
  return { tenant, bank, installAction: async () => tenant.registry.renewSeed(await action()) };
};
