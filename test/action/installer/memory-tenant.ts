import {
  type ActionDraft,
  type FlowBinding,
  type FlowEntry,
  type TenantAction,
  type TenantActions,
  TenantFault,
} from '../../../action/installer/tenant-actions.ts';

interface StoredAction {
  readonly id: string;
  readonly name: string;
  draft: ActionDraft;
  secrets: Readonly<Record<string, string>>;
  deployed: ActionDraft | null;
  /** How many reads remain until the draft is built. */
  buildSteps: number;
  isChanged: boolean;
}

export type Call = keyof TenantActions;

/** The tenant's port in memory, with the rules of Auth0's API that the installer relies on. */
export class MemoryTenant implements TenantActions {
  readonly actions = new Map<string, StoredAction>();
  bindings: FlowBinding[] = [];
  readonly calls: Call[] = [];
  /** Runs before each call; may throw, or make a change of another admin. */
  before: (call: Call) => void = () => {};
  /** Runs after each call took effect; may throw, as if the answer was lost. */
  after: (call: Call) => void = () => {};
  buildSteps = 1;
  #next = 1;

  /** Another admin's Action, deployed and last in the flow. */
  addForeign(name: string): FlowBinding {
    const id = `act_${this.#next++}`;
    const draft = { code: `// ${name}`, runtime: 'node18', secrets: null };
    const action = { id, name, draft, secrets: {}, deployed: draft, buildSteps: 0, isChanged: false };
    this.actions.set(id, action);
    const binding = { id: `bnd_${this.#next++}`, actionId: id, displayName: `${name}!` };
    this.bindings.push(binding);
    return binding;
  }

  #call<Answer>(call: Call, run: () => Answer): Promise<Answer> {
    return (async () => {
      this.calls.push(call);
      this.before(call);
      const answer = run();
      this.after(call);
      return answer;
    })();
  }

  #find(id: string): StoredAction {
    const action = this.actions.get(id);
    if (action === undefined) throw new TenantFault('not-found', 'no such action');
    return action;
  }

  #view(action: StoredAction): TenantAction {
    return {
      id: action.id,
      name: action.name,
      triggers: ['post-login'],
      code: action.draft.code,
      runtime: action.draft.runtime,
      secretNames: Object.keys(action.secrets),
      buildStatus: action.buildSteps > 0 ? 'building' : 'built',
      isDraftDeployed: action.deployed !== null && !action.isChanged,
      deployedVersion: action.deployed === null ? null : 1,
    };
  }

  findByName(name: string): Promise<TenantAction | null> {
    return this.#call('findByName', () => {
      const found = [...this.actions.values()].find((action) => action.name === name);
      return found === undefined ? null : this.#view(found);
    });
  }

  get(id: string): Promise<TenantAction> {
    return this.#call('get', () => {
      const action = this.#find(id);
      const view = this.#view(action);
      action.buildSteps = Math.max(0, action.buildSteps - 1);
      return view;
    });
  }

  create(name: string, draft: ActionDraft): Promise<TenantAction> {
    return this.#call('create', () => {
      if ([...this.actions.values()].some((action) => action.name === name)) throw new TenantFault('exists', 'name');
      const id = `act_${this.#next++}`;
      const { buildSteps } = this;
      const secrets = draft.secrets ?? {};
      const action = { id, name, draft, secrets, deployed: null, buildSteps, isChanged: true };
      this.actions.set(id, action);
      return this.#view(action);
    });
  }

  update(id: string, draft: ActionDraft): Promise<void> {
    return this.#call('update', () => {
      const action = this.#find(id);
      action.draft = draft;
      action.secrets = draft.secrets ?? action.secrets;
      action.buildSteps = this.buildSteps;
      action.isChanged = true;
    });
  }

  deploy(id: string): Promise<void> {
    return this.#call('deploy', () => {
      const action = this.#find(id);
      if (action.buildSteps > 0) throw new TenantFault('not-built', "must be in the 'built' state");
      action.deployed = action.draft;
      action.isChanged = false;
    });
  }

  remove(id: string): Promise<void> {
    return this.#call('remove', () => {
      this.#find(id);
      this.actions.delete(id);
      this.bindings = this.bindings.filter((binding) => binding.actionId !== id);
    });
  }

  flow(): Promise<readonly FlowBinding[]> {
    return this.#call('flow', () => [...this.bindings]);
  }

  replaceFlow(entries: readonly FlowEntry[]): Promise<void> {
    return this.#call('replaceFlow', () => {
      this.bindings = entries.map((entry) => {
        if ('actionId' in entry) {
          if (this.#find(entry.actionId).deployed === null) throw new TenantFault('refused', 'not deployed');
          return { id: `bnd_${this.#next++}`, actionId: entry.actionId, displayName: entry.displayName };
        }
        const known = this.bindings.find((binding) => binding.id === entry.bindingId);
        if (known === undefined) throw new TenantFault('not-found', 'no such binding');
        return { ...known, displayName: entry.displayName };
      });
    });
  }
}
