import type { Request, Router } from 'express';
import { z } from 'zod';
import type { ActionRegistry } from '../actions/action-registry.ts';
import type { ActionDraft } from '../actions/registry-rules.ts';
import type { ActionVersion, StoredAction, StoredBinding } from '../actions/stored-action.ts';
import { requireScope, type ScopesOf } from './access.ts';
import { pageWithTotals } from './paging.ts';
import { ManagementProblem } from './problem.ts';

const TRIGGER = 'post-login';
/** Triggers whose flow may be requested; only one of them exists here. */
const TRIGGERS = [
  TRIGGER,
  'credentials-exchange',
  'pre-user-registration',
  'post-user-registration',
  'send-phone-message',
];

const Secret = z.object({ name: z.string().regex(/^\w{1,128}$/), value: z.string().max(4096) });
const Draft = z.object({
  name: z.string().min(1).max(255).optional(),
  supported_triggers: z.array(z.object({ id: z.string(), version: z.string().optional() })).optional(),
  code: z.string().optional(),
  runtime: z.enum(['node18', 'node18-actions', 'node22']).optional(),
  dependencies: z.array(z.unknown()).max(10).optional(),
  secrets: z.array(Secret).optional(),
  deploy: z.boolean().optional(),
});
const NewAction = Draft.required({ name: true, supported_triggers: true });
const Bindings = z.object({
  bindings: z.array(
    z.object({
      ref: z.object({ type: z.enum(['binding_id', 'action_id', 'action_name']), value: z.string() }),
      display_name: z.string().max(255).optional(),
      secrets: z.array(z.unknown()).optional(),
    }),
  ),
});

/** An Action without code does nothing. */
const toDraft = (body: z.infer<typeof Draft>, known?: StoredAction): ActionDraft => {
  const {
    code = known?.code ?? '',
    runtime = known?.runtime ?? 'node22',
    dependencies = known?.dependencies ?? [],
  } = body;
  const secrets =
    body.secrets === undefined ? null : Object.fromEntries(body.secrets.map(({ name, value }) => [name, value]));
  return { code, runtime, dependencies, secrets };
};

const versionView = (action: StoredAction, { id, number, code, runtime, createdAt }: ActionVersion) => ({
  ...{ id, number, code, runtime, action_id: action.id, deployed: action.deployedVersionId === id },
  ...{ status: 'built', created_at: createdAt, updated_at: createdAt, built_at: createdAt },
});

/** Secrets are write-only: their names are returned, their values never. */
const actionView = (registry: ActionRegistry, action: StoredAction) => {
  const deployed = action.versions.find(({ id }) => id === action.deployedVersionId);
  return {
    ...{ id: action.id, name: action.name, code: action.code, runtime: action.runtime },
    supported_triggers: action.triggers.map((id) => ({ id, version: 'v3', status: 'CURRENT' })),
    ...{ dependencies: action.dependencies, status: registry.buildError(action) === null ? 'built' : 'failed' },
    secrets: Object.keys(action.secrets).map((name) => ({ name, updated_at: action.updatedAt })),
    ...{ created_at: action.createdAt, updated_at: action.updatedAt, all_changes_deployed: !action.isChanged },
    ...(deployed === undefined ? {} : { deployed_version: versionView(action, deployed) }),
  };
};

const bindingView = (registry: ActionRegistry, { id, actionId, displayName, createdAt }: StoredBinding) => ({
  ...{ id, trigger_id: TRIGGER, display_name: displayName, created_at: createdAt, updated_at: createdAt },
  action: actionView(registry, registry.get(actionId)),
});

const idOf = (request: Request): string => String(request.params['id']);

const addFlowRoutes = (router: Router, registry: ActionRegistry, scopesOf: ScopesOf): void => {
  router.get('/actions/triggers', requireScope(scopesOf, 'read:actions'), (_request, response) => {
    response.json({ triggers: TRIGGERS.map((id) => ({ id, version: 'v3', status: 'CURRENT', runtimes: ['node22'] })) });
  });
  router.get('/actions/triggers/:id/bindings', requireScope(scopesOf, 'read:actions'), (request, response) => {
    const bindings = idOf(request) === TRIGGER ? registry.bindings() : [];
    response.json(
      pageWithTotals(
        request,
        'bindings',
        bindings.map((binding) => bindingView(registry, binding)),
      ),
    );
  });
  router.patch(
    '/actions/triggers/:id/bindings',
    requireScope(scopesOf, 'update:actions'),
    async (request, response) => {
      if (idOf(request) !== TRIGGER)
        throw new ManagementProblem(404, 'not_emulated', `There is no ${idOf(request)} flow here.`);
      const { bindings } = Bindings.parse(request.body);
      await registry.setFlow(
        bindings.map(({ ref, display_name }) => ({ ...ref, displayName: display_name ?? nameOf(registry, ref.value) })),
      );
      const views = registry.bindings().map((binding) => bindingView(registry, binding));
      response.json(pageWithTotals(request, 'bindings', views));
    },
  );
};

const nameOf = (registry: ActionRegistry, value: string): string =>
  registry.list().find(({ id, name }) => id === value || name === value)?.name ?? value;

const addVersionRoutes = (router: Router, registry: ActionRegistry, scopesOf: ScopesOf): void => {
  const versionOf = (request: Request): readonly [StoredAction, ActionVersion] => {
    const action = registry.get(idOf(request));
    const version = action.versions.find(({ id }) => id === request.params['version']);
    if (version === undefined) throw new ManagementProblem(404, 'inexistent_version', 'That version does not exist.');
    return [action, version];
  };
  const path = '/actions/actions/:id/versions';
  router.get(path, requireScope(scopesOf, 'read:actions'), (request, response) => {
    const action = registry.get(idOf(request));
    const versions = action.versions.toReversed().map((version) => versionView(action, version));
    response.json(pageWithTotals(request, 'versions', versions));
  });
  router.get(`${path}/:version`, requireScope(scopesOf, 'read:actions'), (request, response) => {
    response.json(versionView(...versionOf(request)));
  });
  router.post(`${path}/:version/deploy`, requireScope(scopesOf, 'create:actions'), async (request, response) => {
    const [{ id }, version] = versionOf(request);
    response.status(202).json(versionView(await registry.deployVersion(id, version), version));
  });
};

/** Adds Actions, their versions and the post-login flow. */
export const addActionRoutes = (router: Router, registry: ActionRegistry, scopesOf: ScopesOf): void => {
  const [all, one] = ['/actions/actions', '/actions/actions/:id'];
  router.get(all, requireScope(scopesOf, 'read:actions'), (request, response) => {
    const { actionName = '', triggerId } = request.query;
    const found = registry
      .list()
      .filter(({ name }) => name.includes(String(actionName)))
      .filter(({ triggers }) => triggerId === undefined || triggers.includes(String(triggerId)));
    response.json(
      pageWithTotals(
        request,
        'actions',
        found.map((action) => actionView(registry, action)),
      ),
    );
  });
  router.post(all, requireScope(scopesOf, 'create:actions'), async (request, response) => {
    const body = NewAction.parse(request.body);
    const created = await registry.create(
      body.name,
      body.supported_triggers.map(({ id }) => id),
      toDraft(body),
    );
    if (body.deploy === true) await registry.deploy(created.id);
    // Auth0 builds in the background; here the build is done before the next request.
    response.status(201).json({ ...actionView(registry, registry.get(created.id)), status: 'pending' });
  });
  router.get(one, requireScope(scopesOf, 'read:actions'), (request, response) => {
    response.json(actionView(registry, registry.get(idOf(request))));
  });
  router.patch(one, requireScope(scopesOf, 'update:actions'), async (request, response) => {
    const draft = toDraft(Draft.parse(request.body), registry.get(idOf(request)));
    response.json({ ...actionView(registry, await registry.update(idOf(request), draft)), status: 'pending' });
  });
  router.delete(one, requireScope(scopesOf, 'delete:actions'), async (request, response) => {
    await registry.remove(idOf(request), request.query['force'] === 'true');
    response.status(204).end();
  });
  router.post(`${one}/deploy`, requireScope(scopesOf, 'create:actions'), async (request, response) => {
    const action = await registry.deploy(idOf(request));
    const version = action.versions.find(({ id }) => id === action.deployedVersionId);
    response.status(202).json(version === undefined ? {} : versionView(action, version));
  });
  router.get('/actions/modules', requireScope(scopesOf, 'read:actions'), (request, response) => {
    response.json(pageWithTotals(request, 'modules', []));
  });
  addVersionRoutes(router, registry, scopesOf);
  addFlowRoutes(router, registry, scopesOf);
};
