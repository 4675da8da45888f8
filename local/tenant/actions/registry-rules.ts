import { randomUUID } from 'node:crypto';
import type { ActionVersion, RegistryState, StoredAction, StoredBinding } from './stored-action.ts';

/** What an admin submits; `secrets` null keeps them. */
export interface ActionDraft {
  readonly code: string;
  readonly runtime: string;
  readonly dependencies: readonly unknown[];
  readonly secrets: Readonly<Record<string, string>> | null;
}

/** An entry of a new flow: an existing binding, or an Action by id or name. */
export interface FlowRef {
  readonly type: 'binding_id' | 'action_id' | 'action_name';
  readonly value: string;
  readonly displayName: string;
}

/** Why a change is refused. */
export class RegistryError extends Error {
  readonly fault: 'not-found' | 'exists' | 'not-built' | 'bound' | 'refused';

  constructor(fault: RegistryError['fault'], message: string) {
    super(message);
    this.fault = fault;
  }
}

/** Auth0's limits (entity limit policy). */
const LIMITS = { actions: 100, bindings: 20, versions: 50, secrets: 30 } as const;

const checkSecrets = (secrets: Readonly<Record<string, string>>): void => {
  if (Object.keys(secrets).length <= LIMITS.secrets) return;
  throw new RegistryError('refused', `An action has at most ${LIMITS.secrets} secrets.`);
};

/** @throws RegistryError `not-found` */
export const actionIn = (state: RegistryState, id: string): StoredAction => {
  const action = state.actions.find((known) => known.id === id);
  if (action === undefined) throw new RegistryError('not-found', 'That action does not exist.');
  return action;
};

/** @throws RegistryError `exists`, `refused` */
export const newAction = (
  state: RegistryState,
  { name, triggers, draft, now }: { name: string; triggers: readonly string[]; draft: ActionDraft; now: string },
): StoredAction => {
  if (state.actions.some((known) => known.name === name)) {
    throw new RegistryError('exists', `An action with the name '${name}' already exists for this tenant.`);
  }
  if (state.actions.length >= LIMITS.actions)
    throw new RegistryError('refused', 'This tenant has reached its limit of Actions.');
  checkSecrets(draft.secrets ?? {});
  const { code, runtime, dependencies, secrets } = draft;
  return {
    ...{ id: randomUUID(), name, triggers: [...triggers], code, runtime, dependencies: [...dependencies] },
    ...{ secrets: secrets ?? {}, versions: [], deployedVersionId: null, isChanged: true, isSeed: false },
    ...{ createdAt: now, updatedAt: now },
  };
};

/** The Action with a new draft. */
export const withDraft = (action: StoredAction, draft: ActionDraft, now: string): StoredAction => {
  checkSecrets(draft.secrets ?? {});
  const { code, runtime, dependencies } = draft;
  const secrets = draft.secrets ?? action.secrets;
  const changed = { code, runtime, secrets, dependencies: [...dependencies] };
  return { ...action, ...changed, isChanged: true, isSeed: false, updatedAt: now };
};

/** A version made from the current draft. */
export const versionOf = ({ code, runtime, secrets, versions }: StoredAction, now: string): ActionVersion => ({
  ...{ id: randomUUID(), number: (versions.at(-1)?.number ?? 0) + 1, code, runtime, secrets },
  createdAt: now,
});

/** The Action with a version deployed, and its draft set to it. */
export const withDeployed = (action: StoredAction, version: ActionVersion, now: string): StoredAction => {
  const versions = [...action.versions.filter(({ id }) => id !== version.id), version].slice(-LIMITS.versions);
  const { code, runtime, secrets } = version;
  const deployed = { versions, code, runtime, secrets, deployedVersionId: version.id };
  return { ...action, ...deployed, isChanged: false, updatedAt: now };
};

const bindingOf = (state: RegistryState, { type, value, displayName }: FlowRef, now: string): StoredBinding => {
  const known = state.bindings.find(({ id }) => type === 'binding_id' && id === value);
  const named = state.actions.find(({ id, name }) => (type === 'action_name' ? name : id) === value);
  const actionId = known?.actionId ?? (type === 'binding_id' ? undefined : named?.id);
  if (actionId === undefined) throw new RegistryError('refused', `There is no ${type} ${value}.`);
  if (actionIn(state, actionId).deployedVersionId === null) {
    throw new RegistryError('refused', 'An action must be deployed before it can be bound.');
  }
  return { id: known?.id ?? randomUUID(), actionId, displayName, createdAt: known?.createdAt ?? now };
};

/**
 * The whole new flow.
 * @throws RegistryError `refused` for an entry that is unknown, not deployed or listed twice, or for too many of them
 */
export const newFlow = (state: RegistryState, entries: readonly FlowRef[], now: string): StoredBinding[] => {
  if (entries.length > LIMITS.bindings) {
    throw new RegistryError('refused', `A trigger has at most ${LIMITS.bindings} bindings.`);
  }
  const bindings = entries.map((entry) => bindingOf(state, entry, now));
  if (new Set(bindings.map(({ actionId }) => actionId)).size < bindings.length) {
    throw new RegistryError('refused', 'An action can be in a flow only once.');
  }
  return bindings;
};

/** The state with an Action that the tenant is started with, unless an admin changed or deleted it. */
export const withSeed = (
  state: RegistryState,
  seed: { readonly name: string; readonly code: string; readonly secrets: Readonly<Record<string, string>> },
  now: string,
): RegistryState => {
  const { name, code, secrets } = seed;
  const known = state.actions.find((action) => action.name === name);
  if (known === undefined && state.seeded.includes(name)) return state;
  if (known !== undefined && !known.isSeed) return state;
  const draft = { code, runtime: 'node22', dependencies: [], secrets };
  const action = known ?? newAction(state, { name, triggers: ['post-login'], draft, now });
  const drafted = withDraft({ ...action, versions: [] }, draft, now);
  const deployed = { ...withDeployed(drafted, versionOf(drafted, now), now), isSeed: true };
  if (known !== undefined) {
    return { ...state, actions: state.actions.map((other) => (other.id === known.id ? deployed : other)) };
  }
  const binding = { id: randomUUID(), actionId: deployed.id, displayName: name, createdAt: now };
  return {
    actions: [...state.actions, deployed],
    bindings: [...state.bindings, binding],
    seeded: [...state.seeded, name],
  };
};
