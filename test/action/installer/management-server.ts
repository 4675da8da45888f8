import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { StoredAction } from '../../../local/tenant/actions/stored-action.ts';
import { MANAGEMENT_SCOPES } from '../../../local/tenant/management/access.ts';
import { GRANT } from '../../../local/tenant/openid/tenant-client.ts';
import { startTenant, type TenantOptions } from '../../../local/tenant/start-tenant.ts';

/** A request as received. */
export interface SeenRequest {
  readonly route: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** A fault that a test injects instead of the real answer. */
export interface Fault {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** True: the request still takes effect, and only its answer is replaced. */
  readonly isLate?: boolean;
}

export const INSTALLER = {
  clientId: 'installer',
  clientSecret: 'installer-secret-of-more-than-32-characters',
  name: 'Verified installer',
  redirectUris: [],
  logoutUris: [],
  metadata: {},
  grantTypes: [GRANT.client],
  managementScopes: MANAGEMENT_SCOPES,
} as const;
/** The same without a secret, for the device flow. */
export const NATIVE_INSTALLER = {
  ...INSTALLER,
  clientId: 'native-installer',
  clientSecret: null,
  grantTypes: [GRANT.device],
} as const;

const HOST = 'tenant.localhost';

/** A request's name without ids: `POST actions/:id/deploy`. */
const routeOf = (method: string | undefined, path: string): string =>
  `${method} ${path.replace('/api/v2/actions/', '').replace(/^actions\/[^/]+/, 'actions/:id')}`;

/**
 * A local tenant behind a proxy that records each request to its Management API and, on request of a test, answers with a
 * fault instead.
 */
export const startManagementServer = async (options: Partial<TenantOptions> = {}) => {
  const folder = await mkdtemp(join(tmpdir(), 'management-'));
  const lists = { actions: [], clients: [INSTALLER], seedUsers: [], customClaims: [] };
  const tenant = await startTenant({ port: 0, hostname: HOST, folder, ...lists, ...options });
  const { registry } = tenant;
  const seen: SeenRequest[] = [];
  const counts = new Map<string, number>();
  const management = {
    tenant,
    registry,
    seen,
    /** Called before each request; a fault replaces the real answer. */
    fault: (_route: string, _count: number): Fault | null => null,
    byName: (name: string): StoredAction | undefined => registry.list().find((action) => action.name === name),
    /** Display names of the flow, in order. */
    flow: () => registry.bindings().map(({ displayName }) => displayName),
    /** Another admin's Action, deployed and last in the flow. */
    addForeign: async (name: string) => {
      const draft = { code: `// ${name}`, runtime: 'node18', dependencies: [], secrets: {} };
      const { id } = await registry.create(name, ['post-login'], draft);
      await registry.deploy(id);
      const others = registry.bindings().map((known) => ({
        ...{ type: 'binding_id' as const, value: known.id, displayName: known.displayName },
      }));
      await registry.setFlow([...others, { type: 'action_id', value: id, displayName: `${name}!` }]);
      return { actionId: id, bindingId: registry.bindings().at(-1)?.id };
    },
    /** Resets: no Action, no fault, no recorded request. */
    reset: async () => {
      for (const { id } of [...registry.list()]) await registry.remove(id, true);
      management.fault = () => null;
      seen.length = 0;
      counts.clear();
    },
  };

  const forward = (request: IncomingMessage, body: string): Promise<Response> =>
    fetch(new URL(request.url ?? '/', tenant.url), {
      method: request.method ?? 'GET',
      headers: Object.entries(request.headers).flatMap(([name, value]) =>
        typeof value === 'string' && !['host', 'connection', 'content-length'].includes(name) ? [[name, value]] : [],
      ) as [string, string][],
      ...(body === '' ? {} : { body }),
    });
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', tenant.url);
    const body = await text(request);
    const route = routeOf(request.method, url.pathname);
    if (url.pathname.startsWith('/api/v2/')) {
      seen.push({ route, query: Object.fromEntries(url.searchParams), body: body === '' ? null : JSON.parse(body) });
    }
    const count = (counts.get(route) ?? 0) + 1;
    counts.set(route, count);
    const fault = management.fault(route, count);
    const truth = fault === null || fault.isLate === true ? await forward(request, body) : null;
    const sent = await truth?.text();
    if (fault === null && truth !== null) {
      response.writeHead(truth.status, { 'content-type': truth.headers.get('content-type') ?? 'application/json' });
      response.end(sent);
      return;
    }
    response.writeHead(fault?.status ?? 500, { 'content-type': 'application/json', ...fault?.headers });
    response.end(JSON.stringify(fault?.body ?? {}));
  };
  const door = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  const { port } = door.address() as AddressInfo;

  const { port: ownPort } = new URL(tenant.url);
  const asked = await fetch(new URL('/oauth/token', tenant.url), {
    method: 'POST',
    body: new URLSearchParams({
      ...{ grant_type: GRANT.client, client_id: INSTALLER.clientId, client_secret: INSTALLER.clientSecret },
      audience: `https://${HOST}:${ownPort}/api/v2/`,
    }),
  });
  const { access_token } = (await asked.json()) as { access_token: string };
  const close = async () => {
    await new Promise<void>((resolve) => void door.close(() => resolve()));
    await tenant.close();
    await rm(folder, { recursive: true, force: true });
  };
  return {
    management,
    domain: `${HOST}:${port}`,
    tenantDomain: `${HOST}:${ownPort}`,
    accessToken: access_token,
    close,
  };
};
