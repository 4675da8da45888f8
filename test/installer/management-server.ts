import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { type FlowEntry, TenantFault } from '../../action/installer/tenant-actions.ts';
import { MemoryTenant } from './memory-tenant.ts';

/** A request as it came over the wire. */
export interface SeenRequest {
  readonly route: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** What a test wants answered instead of the truth. */
export interface Fault {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** True: the request takes effect all the same, and only its answer is replaced. */
  readonly isLate?: boolean;
}

const Draft = z.object({
  name: z.string().optional(),
  code: z.string(),
  runtime: z.string(),
  secrets: z.array(z.object({ name: z.string(), value: z.string() })).optional(),
});
const Bindings = z.object({
  bindings: z.array(
    z.object({
      ref: z.object({ type: z.enum(['binding_id', 'action_id', 'action_name']), value: z.string() }),
      display_name: z.string(),
    }),
  ),
});

const toDraft = (body: unknown) => {
  const { code, runtime, secrets } = Draft.parse(body);
  const values = secrets === undefined ? null : Object.fromEntries(secrets.map(({ name, value }) => [name, value]));
  return { code, runtime, secrets: values };
};

const STATUS = { 'not-found': 404, exists: 409, 'not-built': 400, refused: 400 } as const;

/** Auth0's form of an error (Auth0 docs, Management API v2, errors). */
const problem = (statusCode: number, message: string) => ({ statusCode, error: 'Error', message });

type Binding = z.infer<typeof Bindings>['bindings'][number];

/** The wire format of the Management API's Actions over a tenant in memory; only what the installer and auth0-deploy-cli call. */
class ManagementServer {
  readonly tenant = new MemoryTenant();
  readonly seen: SeenRequest[] = [];
  /** Asked before each request; an answer replaces the truth. */
  fault: (route: string, count: number) => Fault | null = () => null;
  readonly #counts = new Map<string, number>();

  async #action(id: string) {
    const action = await this.tenant.get(id);
    return {
      id: action.id,
      name: action.name,
      supported_triggers: action.triggers.map((trigger) => ({ id: trigger, version: 'v3' })),
      code: action.code,
      runtime: action.runtime,
      status: action.buildStatus,
      all_changes_deployed: action.isDraftDeployed,
      secrets: action.secretNames.map((name) => ({ name, updated_at: '2026-01-01T00:00:00.000Z' })),
      ...(action.deployedVersion === null ? {} : { deployed_version: { number: action.deployedVersion } }),
    };
  }

  async #list(query: Readonly<Record<string, string>>) {
    const named = [...this.tenant.actions.values()].filter(({ name }) => name.includes(query['actionName'] ?? ''));
    // As the documentation says of the list: no promise that it carries the code.
    const actions = named.map(({ id, name }) => ({ id, name, supported_triggers: [{ id: 'post-login' }] }));
    const [page, size] = [Number(query['page'] ?? 0), Number(query['per_page'] ?? 50)];
    return { actions: actions.slice(page * size, (page + 1) * size), total: actions.length, page, per_page: size };
  }

  async #flow(query: Readonly<Record<string, string>>) {
    const bindings = (await this.tenant.flow()).map(({ id, actionId, displayName }) => ({
      id,
      trigger_id: 'post-login',
      display_name: displayName,
      action: { id: actionId },
    }));
    const [page, size] = [Number(query['page'] ?? 0), Number(query['per_page'] ?? 50)];
    return { bindings: bindings.slice(page * size, (page + 1) * size), total: bindings.length, page, per_page: size };
  }

  #entry({ ref, display_name }: Binding): FlowEntry {
    if (ref.type === 'binding_id') return { bindingId: ref.value, displayName: display_name };
    const named = [...this.tenant.actions.values()].find(({ name }) => name === ref.value);
    return { actionId: ref.type === 'action_id' ? ref.value : (named?.id ?? ''), displayName: display_name };
  }

  async #answer({ route, query, body }: SeenRequest, id: string): Promise<readonly [number, unknown]> {
    switch (route) {
      case 'GET actions':
        return [200, await this.#list(query)];
      case 'GET modules':
        return [200, { modules: [], total: 0, page: 0, per_page: 50 }];
      case 'POST actions':
        return [201, await this.#action((await this.tenant.create(Draft.parse(body).name ?? '', toDraft(body))).id)];
      case 'GET actions/:id':
        return [200, await this.#action(id)];
      case 'PATCH actions/:id':
        await this.tenant.update(id, toDraft(body));
        return [200, await this.#action(id)];
      case 'DELETE actions/:id':
        if (query['force'] !== 'true') return [409, problem(409, 'The action is bound.')];
        await this.tenant.remove(id);
        return [204, null];
      case 'POST actions/:id/deploy':
        await this.tenant.deploy(id);
        return [202, { id: 'version', action_id: id }];
      case 'GET triggers/post-login/bindings':
        return [200, await this.#flow(query)];
      case 'PATCH triggers/post-login/bindings':
        await this.tenant.replaceFlow(Bindings.parse(body).bindings.map((entry) => this.#entry(entry)));
        return [200, await this.#flow({})];
      default:
        return [404, problem(404, `no route ${route}`)];
    }
  }

  async answer(
    request: IncomingMessage,
  ): Promise<{ readonly status: number; readonly body: unknown; readonly headers: object }> {
    const url = new URL(request.url ?? '/', 'http://management');
    const path = url.pathname.replace('/api/v2/actions/', '');
    const id = /^actions\/([^/]+)/.exec(path)?.[1] ?? '';
    const route = `${request.method} ${path.replace(/^actions\/[^/]+/, 'actions/:id')}`;
    const sent = await text(request);
    const body: unknown = sent === '' ? null : JSON.parse(sent);
    const seen = { route, query: Object.fromEntries(url.searchParams), body };
    this.seen.push(seen);
    const count = (this.#counts.get(route) ?? 0) + 1;
    this.#counts.set(route, count);
    const fault = this.fault(route, count);
    if (fault !== null && !fault.isLate)
      return { status: fault.status, body: fault.body ?? {}, headers: fault.headers ?? {} };
    try {
      const [status, answer] = await this.#answer(seen, id);
      if (fault !== null) return { status: fault.status, body: fault.body ?? {}, headers: fault.headers ?? {} };
      return { status, body: answer, headers: {} };
    } catch (error) {
      if (!(error instanceof TenantFault)) throw error;
      return { status: STATUS[error.code], body: problem(STATUS[error.code], error.message), headers: {} };
    }
  }
}

/** Starts it on a free port of the loopback interface. */
export const startManagementServer = async () => {
  const management = new ManagementServer();
  const server = createServer((request, response) => {
    management.answer(request).then(
      ({ status, body, headers }) => {
        response.writeHead(status, { 'content-type': 'application/json', ...headers });
        response.end(status === 204 ? undefined : JSON.stringify(body));
      },
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => new Promise<void>((resolve) => void server.close(() => resolve()));
  return { management, domain: `tenant.localhost:${port}`, close };
};
