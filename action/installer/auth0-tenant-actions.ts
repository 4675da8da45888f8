import { type Management, ManagementClient, ManagementError } from 'auth0';
import { InstallerError } from './installer-error.ts';
import type { ActionDraft, FlowBinding, FlowEntry, TenantAction, TenantActions } from './tenant-actions.ts';
import { TenantFault, type TenantFaultCode } from './tenant-actions.ts';

const TRIGGER = 'post-login';
/** The version of the trigger whose event and api the Action is written for. */
const TRIGGER_VERSION = 'v3';
/** Auth0 answers 429 with the time to wait in a header, which the SDK obeys. Five retries outlast a burst on the free plan. */
const MAX_RETRIES = 5;
const TIMEOUT_SECONDS = 30;
const PAGE_SIZE = 50;

const BUILD_STATES = ['pending', 'building', 'packaged', 'built', 'failed', 'retrying'] as const;

const detailOf = (error: ManagementError): string => {
  const body: unknown = error.body;
  if (typeof body !== 'object' || body === null) return '';
  const { message } = body as { message?: unknown };
  return typeof message === 'string' ? message.slice(0, 300) : '';
};

const SCOPE = /\b(?:read|create|update|delete):actions\b/;

const accessError = (status: number | undefined, detail: string): InstallerError | null => {
  if (status === 401) {
    return new InstallerError('access', 'Auth0 no longer accepts the login (401). Log in again.');
  }
  if (status !== 403) return null;
  const scope = SCOPE.exec(detail)?.[0];
  const what = scope === undefined ? 'a permission' : `the permission ${scope}`;
  return new InstallerError(
    'access',
    `Auth0 says that ${what} is missing (403). Grant it to the application at Applications, APIs, Auth0 Management API.`,
  );
};

const faultOf = (status: number | undefined, detail: string): TenantFaultCode | null => {
  if (status === 404) return 'not-found';
  if (status === 409 || (status === 400 && /already exists/i.test(detail))) return 'exists';
  if (status === 400) return detail.includes("'built' state") ? 'not-built' : 'refused';
  return null;
};

/** Translates the SDK's errors. Never passes on a whole answer: some repeat what was sent. */
const translate = (error: unknown): Error => {
  if (!(error instanceof ManagementError)) {
    return new InstallerError('failed', 'Auth0 did not answer in time. Run the command again.');
  }
  const detail = detailOf(error);
  const access = accessError(error.statusCode, detail);
  if (access !== null) return access;
  const fault = faultOf(error.statusCode, detail);
  if (fault !== null) return new TenantFault(fault, detail || `status ${error.statusCode}`);
  if (error.statusCode === 429) {
    return new InstallerError(
      'failed',
      'Auth0 is refusing requests for now (429: too many requests). Run the command again later.',
    );
  }
  if (error.statusCode === undefined) {
    return new InstallerError(
      'failed',
      'Auth0 could not be reached. Check --domain and the network, then run it again.',
    );
  }
  return new InstallerError('failed', `Auth0 failed (${error.statusCode}). Run the command again.`);
};

const call = async <Answer>(run: () => Promise<Answer>): Promise<Answer> => {
  try {
    return await run();
  } catch (error) {
    throw translate(error);
  }
};

const toAction = (action: Management.Action | Management.GetActionResponseContent): TenantAction => {
  const status = BUILD_STATES.find((state) => state === action.status) ?? 'unknown';
  const deployed = action.deployed_version;
  return {
    id: action.id ?? '',
    name: action.name ?? '',
    triggers: (action.supported_triggers ?? []).map((trigger) => trigger.id),
    code: action.code ?? '',
    runtime: action.runtime ?? '',
    secretNames: (action.secrets ?? []).flatMap((secret) => (secret.name === undefined ? [] : [secret.name])),
    buildStatus: status,
    isDraftDeployed: action.all_changes_deployed === true && deployed != null,
    deployedVersion: deployed == null ? null : (deployed.number ?? 0),
  };
};

const toContent = ({ code, runtime, secrets }: ActionDraft) => ({
  code,
  runtime,
  dependencies: [],
  ...(secrets === null ? {} : { secrets: Object.entries(secrets).map(([name, value]) => ({ name, value })) }),
});

const toEntry = (entry: FlowEntry): Management.ActionBindingWithRef => ({
  ref:
    'bindingId' in entry
      ? { type: 'binding_id', value: entry.bindingId }
      : { type: 'action_id', value: entry.actionId },
  display_name: entry.displayName,
});

const toBinding = (binding: Management.ActionBinding): FlowBinding => ({
  id: binding.id ?? '',
  actionId: binding.action?.id ?? '',
  displayName: binding.display_name ?? binding.action?.name ?? '',
});

/** How to reach a tenant. */
export interface TenantAccess {
  /** Host, and port if it has one. */
  readonly domain: string;
  readonly accessToken: string;
  readonly fetch: typeof fetch;
}

/** The post-login Actions of a tenant, over Auth0's Management API by its official SDK. */
export class Auth0TenantActions implements TenantActions {
  readonly #actions: ManagementClient['actions'];

  constructor({ domain, accessToken, fetch }: TenantAccess) {
    this.#actions = new ManagementClient({
      domain,
      token: accessToken,
      fetch,
      maxRetries: MAX_RETRIES,
      timeoutInSeconds: TIMEOUT_SECONDS,
      telemetry: false,
    }).actions;
  }

  findByName(name: string): Promise<TenantAction | null> {
    return call(async () => {
      const query = { triggerId: TRIGGER, actionName: name, per_page: PAGE_SIZE } as const;
      for await (const action of await this.#actions.list(query)) {
        // The list's entries may lack members, and the filter may match other names too.
        if (action.name === name && action.id !== undefined) return toAction(await this.#actions.get(action.id));
      }
      return null;
    });
  }

  get(id: string): Promise<TenantAction> {
    return call(async () => toAction(await this.#actions.get(id)));
  }

  create(name: string, draft: ActionDraft): Promise<TenantAction> {
    const supported_triggers = [{ id: TRIGGER, version: TRIGGER_VERSION }] as const;
    return call(async () =>
      toAction(await this.#actions.create({ name, supported_triggers: [...supported_triggers], ...toContent(draft) })),
    );
  }

  async update(id: string, draft: ActionDraft): Promise<void> {
    await call(async () => this.#actions.update(id, toContent(draft)));
  }

  async deploy(id: string): Promise<void> {
    await call(async () => this.#actions.deploy(id));
  }

  async remove(id: string): Promise<void> {
    await call(async () => this.#actions.delete(id, { force: true }));
  }

  flow(): Promise<readonly FlowBinding[]> {
    return call(async () => {
      const bindings: FlowBinding[] = [];
      for await (const binding of await this.#actions.triggers.bindings.list(TRIGGER, { per_page: PAGE_SIZE })) {
        bindings.push(toBinding(binding));
      }
      return bindings;
    });
  }

  async replaceFlow(entries: readonly FlowEntry[]): Promise<void> {
    await call(async () => this.#actions.triggers.bindings.updateMany(TRIGGER, { bindings: entries.map(toEntry) }));
  }
}
