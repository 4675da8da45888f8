import { join } from 'node:path';
import { readIfExists, writeDurably } from '../../aws-wire/durable-file.ts';
import { StartError } from '../../aws-wire/listen.ts';
import { type ActionSource, type LoadedAction, loadAction, readActionSource } from './load-action.ts';
import {
  type ActionDraft,
  actionIn,
  type FlowRef,
  newAction,
  newFlow,
  RegistryError,
  versionOf,
  withDeployed,
  withDraft,
  withSeed,
} from './registry-rules.ts';
import { type ActionVersion, RegistryState, type StoredAction, type StoredBinding } from './stored-action.ts';

export interface RegistryOptions {
  readonly folder: string;
  /** Actions that the tenant is started with. */
  readonly seeds: readonly ActionSource[];
  readonly clockMs: () => number;
  /** Receives the Actions' own console output. */
  readonly log: (line: string) => void;
}

const EMPTY: RegistryState = { actions: [], bindings: [], seeded: [] };

const readState = async (path: string): Promise<RegistryState> => {
  const stored = await readIfExists(path);
  try {
    return stored === null ? EMPTY : RegistryState.parse(JSON.parse(stored.toString('utf8')));
  } catch (cause) {
    throw new StartError(
      'The local tenant\'s file of Actions is damaged; "npm start -- --reset" starts from scratch.',
      {
        cause,
      },
    );
  }
};

/** The Actions of the tenant: drafts, deployed versions and the post-login flow. Changes by an admin persist in a file. */
export class ActionRegistry {
  readonly #path: string;
  readonly #options: RegistryOptions;
  #state: RegistryState;
  readonly #loaded = new Map<string, LoadedAction>();
  readonly #builds = new Map<string, { readonly code: string; readonly error: string | null }>();
  #writing: Promise<void> = Promise.resolve();

  private constructor(path: string, options: RegistryOptions, state: RegistryState) {
    this.#path = path;
    this.#options = options;
    this.#state = state;
  }

  /**
   * Reads what admins changed, and installs the Actions that the tenant is started with, unless an admin changed or deleted them.
   * @throws StartError if the file is damaged
   * @throws Error for an Action that Auth0 would not deploy
   */
  static async open(options: RegistryOptions): Promise<ActionRegistry> {
    const path = join(options.folder, 'actions.json');
    const registry = new ActionRegistry(path, options, await readState(path));
    for (const source of options.seeds) {
      registry.#state = withSeed(registry.#state, readActionSource(source), registry.#now());
    }
    for (const action of registry.#state.actions) registry.#load(action);
    return registry;
  }

  /** Deployed Actions of the post-login flow, in its order. */
  flow(): readonly LoadedAction[] {
    return this.#state.bindings.flatMap(({ actionId }) => this.#loaded.get(actionId) ?? []);
  }

  list(): readonly StoredAction[] {
    return this.#state.actions;
  }

  bindings(): readonly StoredBinding[] {
    return this.#state.bindings;
  }

  /** @throws RegistryError `not-found` */
  get(id: string): StoredAction {
    return actionIn(this.#state, id);
  }

  /** @throws RegistryError `exists`, `refused` */
  async create(name: string, triggers: readonly string[], draft: ActionDraft): Promise<StoredAction> {
    const action = newAction(this.#state, { name, triggers, draft, now: this.#now() });
    await this.#save({ ...this.#state, actions: [...this.#state.actions, action] });
    return action;
  }

  /** @throws RegistryError `not-found`, `refused` */
  update(id: string, draft: ActionDraft): Promise<StoredAction> {
    return this.#replace(withDraft(this.get(id), draft, this.#now()));
  }

  /**
   * Deploys the draft: logins run it from their next handler call on.
   * @throws RegistryError `not-found`, `not-built`
   */
  deploy(id: string): Promise<StoredAction> {
    return this.deployVersion(id, versionOf(this.get(id), this.#now()));
  }

  /** @throws RegistryError `not-found`, `not-built` */
  async deployVersion(id: string, version: ActionVersion): Promise<StoredAction> {
    const action = this.get(id);
    if (this.buildError({ ...action, code: version.code }) !== null) {
      throw new RegistryError('not-built', "A draft must be in the 'built' state before it can be deployed.");
    }
    const deployed = await this.#replace(withDeployed(action, version, this.#now()));
    this.#load(deployed);
    return deployed;
  }

  /** @throws RegistryError `not-found`, `bound` if it is in the flow and not forced out */
  async remove(id: string, isForced: boolean): Promise<void> {
    const { actions, bindings, seeded } = this.#state;
    if (bindings.some(({ actionId }) => actionId === this.get(id).id) && !isForced) {
      throw new RegistryError('bound', 'This action is currently bound to a trigger.');
    }
    this.#loaded.delete(this.get(id).id);
    await this.#save({
      actions: actions.filter((action) => action.id !== id),
      bindings: bindings.filter(({ actionId }) => actionId !== id),
      seeded,
    });
  }

  /**
   * Updates an Action that the tenant was started with; logins run it from their next handler call on.
   * @returns false if an admin changed or deleted it: it is kept as it is
   * @throws Error for an Action that Auth0 would not deploy; the old one is kept
   */
  async renewSeed(source: ActionSource): Promise<boolean> {
    const state = withSeed(this.#state, readActionSource(source), this.#now());
    const renewed = state.actions.find(({ name }) => name === source.name);
    if (state === this.#state || renewed === undefined) return false;
    this.#load(renewed);
    await this.#save(state);
    return true;
  }

  /** Replaces the whole flow; throws RegistryError `refused`. */
  setFlow(entries: readonly FlowRef[]): Promise<void> {
    return this.#save({ ...this.#state, bindings: newFlow(this.#state, entries, this.#now()) });
  }

  /**
   * Replaces the secrets of a running Action from its next call on, without a deployment.
   * @throws Error if no Action has this name
   */
  setSecrets(name: string, secrets: Readonly<Record<string, string>>): void {
    const loaded = [...this.#loaded.values()].find((known) => known.name === name);
    if (loaded === undefined) throw new Error(`there is no Action ${name}`);
    loaded.secrets = secrets;
  }

  /** Why Auth0 would not build this code; null if it would. */
  buildError({ id, name, code }: { readonly id: string; readonly name: string; readonly code: string }): string | null {
    const known = this.#builds.get(id);
    if (known?.code === code) return known.error;
    let error: string | null = null;
    try {
      loadAction({ name, code, secrets: {} }, () => {});
    } catch (thrown) {
      error = thrown instanceof Error ? thrown.message : 'unknown';
    }
    this.#builds.set(id, { code, error });
    return error;
  }

  #now(): string {
    return new Date(this.#options.clockMs()).toISOString();
  }

  #load({ id, name, versions, deployedVersionId }: StoredAction): void {
    const deployed = versions.find((version) => version.id === deployedVersionId);
    if (deployed === undefined) return;
    const { code, secrets } = deployed;
    this.#loaded.set(id, loadAction({ name, code, secrets }, this.#options.log));
  }

  async #replace(action: StoredAction): Promise<StoredAction> {
    const actions = this.#state.actions.map((known) => (known.id === action.id ? action : known));
    await this.#save({ ...this.#state, actions });
    return action;
  }

  #save(state: RegistryState): Promise<void> {
    this.#state = state;
    this.#writing = this.#writing.then(() => writeDurably(this.#path, JSON.stringify(this.#state)));
    return this.#writing;
  }
}
