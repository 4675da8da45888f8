/** An Action in the tenant: the draft, and what is deployed. */
export interface TenantAction {
  readonly id: string;
  readonly name: string;
  readonly triggers: readonly string[];
  readonly code: string;
  readonly runtime: string;
  /** Auth0 never returns the values. */
  readonly secretNames: readonly string[];
  readonly buildStatus: 'pending' | 'building' | 'packaged' | 'built' | 'failed' | 'retrying' | 'unknown';
  /** True if logins run exactly this draft. */
  readonly isDraftDeployed: boolean;
  /** The number of the version that logins run; null if it was never deployed. */
  readonly deployedVersion: number | null;
}

/** One place in the post-login flow. */
export interface FlowBinding {
  readonly id: string;
  readonly actionId: string;
  readonly displayName: string;
}

/** What is sent to Auth0; `secrets` replaces the whole list, null leaves it unchanged. */
export interface ActionDraft {
  readonly code: string;
  readonly runtime: string;
  readonly secrets: Readonly<Record<string, string>> | null;
}

/** A place in the flow to be written: an existing one, or a new one. */
export type FlowEntry =
  | { readonly bindingId: string; readonly displayName: string }
  | { readonly actionId: string; readonly displayName: string };

/** Why the tenant refused a permitted call. */
export type TenantFaultCode = 'not-found' | 'exists' | 'not-built' | 'refused';

/** A refusal that the installer can act on; everything else is an InstallerError. The text is the tenant's own. */
export class TenantFault extends Error {
  readonly code: TenantFaultCode;

  constructor(code: TenantFaultCode, message: string) {
    super(message);
    this.name = 'TenantFault';
    this.code = code;
  }
}

/**
 * The tenant's post-login Actions, as far as the installer needs them.
 * Every call throws TenantFault as documented, and InstallerError `access` or `failed` for everything else.
 */
export interface TenantActions {
  /** The post-login Action of exactly this name, or null. */
  findByName(name: string): Promise<TenantAction | null>;
  /** @throws TenantFault `not-found` */
  get(id: string): Promise<TenantAction>;
  /** @throws TenantFault `exists` if the name is taken, `refused` */
  create(name: string, draft: ActionDraft): Promise<TenantAction>;
  /** @throws TenantFault `not-found`, `refused` */
  update(id: string, draft: ActionDraft): Promise<void>;
  /** Makes the draft what logins run. @throws TenantFault `not-built`, `not-found`, `refused` */
  deploy(id: string): Promise<void>;
  /** Removes it from every flow and deletes it, in one call. @throws TenantFault `not-found` */
  remove(id: string): Promise<void>;
  /** The post-login flow in the order of execution. */
  flow(): Promise<readonly FlowBinding[]>;
  /** Replaces the whole flow. @throws TenantFault `not-found` or `refused` if an entry is gone */
  replaceFlow(entries: readonly FlowEntry[]): Promise<void>;
}
