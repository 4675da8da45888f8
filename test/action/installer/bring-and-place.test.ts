import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bringAction } from '../../../action/installer/bring-action.ts';
import { desireInstalled, type SecretSource } from '../../../action/installer/desired-action.ts';
import { placeInFlow } from '../../../action/installer/place-in-flow.ts';
import { TenantFault } from '../../../action/installer/tenant-actions.ts';
import { type Call, MemoryTenant } from './memory-tenant.ts';

const NAME = 'Verified face factor';
const SECRET = 'S'.repeat(43);
const CODE = '// Verified face factor 1.0.0, source 0123456789abcdef, code 0123456789abcdef.\n';
const settings = { INTEGRATION_ID: `int_${'b'.repeat(20)}`, CAPTURE_URL: 'https://verify.example.com' };
const secrets: SecretSource = {
  given: (name) => (name === 'SESSION_SECRET' ? SECRET : undefined),
  require: async () => SECRET,
};
const noWait = async () => {};

/** A complete run of `install`, as from the command line. */
const install = async (tenant: MemoryTenant, code = CODE): Promise<string> => {
  const found = await tenant.findByName(NAME);
  const desired = await desireInstalled(found, { code, settings, isForced: false }, secrets);
  const id = await bringAction(tenant, NAME, found, desired, noWait);
  await placeInFlow(tenant, id, NAME);
  return id;
};

const expectInstalled = (tenant: MemoryTenant, code = CODE): void => {
  const installed = [...tenant.actions.values()].filter((action) => action.name === NAME);
  expect(installed).toHaveLength(1);
  expect(installed[0]?.deployed?.code.startsWith(code)).toBe(true);
  expect(installed[0]?.isChanged).toBe(false);
  expect(installed[0]?.secrets).toEqual({ ...settings, SESSION_SECRET: SECRET });
  expect(tenant.bindings.filter((binding) => binding.actionId === installed[0]?.id)).toHaveLength(1);
};

const foreignNames = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 12 }), { maxLength: 19 });

test('other Actions stay unchanged and in place, however many there are', async () => {
  await fc.assert(
    fc.asyncProperty(foreignNames, async (names) => {
      const tenant = new MemoryTenant();
      const others = names.filter((name) => name !== NAME).map((name) => tenant.addForeign(name));
      const before = structuredClone([...tenant.actions.values()]);
      await install(tenant);
      expect(tenant.bindings.slice(0, -1)).toEqual(others);
      expect([...tenant.actions.values()].filter((action) => action.name !== NAME)).toEqual(before);
      expectInstalled(tenant);
    }),
    { numRuns: 60 },
  );
});

test('a second run writes nothing, wherever the admin has put the Action', async () => {
  await fc.assert(
    fc.asyncProperty(foreignNames, fc.nat(), async (names, seed) => {
      const tenant = new MemoryTenant();
      for (const name of names) tenant.addForeign(name);
      await install(tenant);
      const at = seed % tenant.bindings.length;
      const installed = tenant.bindings.pop();
      if (installed !== undefined) tenant.bindings.splice(at, 0, installed);
      const moved = [...tenant.bindings];
      tenant.calls.length = 0;
      await install(tenant);
      expect(new Set(tenant.calls)).toEqual(new Set(['findByName', 'flow']));
      expect(tenant.bindings).toEqual(moved);
    }),
    { numRuns: 40 },
  );
});

describe('whichever call fails, before or after it took effect, the next run completes the installation', () => {
  const countCalls = async (prepare: (tenant: MemoryTenant) => Promise<void>, code: string): Promise<number> => {
    const tenant = new MemoryTenant();
    await prepare(tenant);
    tenant.calls.length = 0;
    await install(tenant, code);
    return tenant.calls.length;
  };
  const upgraded = CODE.replace('1.0.0', '1.1.0');
  test.each([
    ['first installation', async () => {}, CODE],
    ['new version', async (tenant: MemoryTenant) => void (await install(tenant)), upgraded],
  ])('%s', async (_title, prepare, code) => {
    const calls = await countCalls(prepare, code);
    expect(calls).toBeGreaterThan(4);
    for (const when of ['before', 'after'] as const) {
      for (let failing = 1; failing <= calls; failing += 1) {
        const tenant = new MemoryTenant();
        const other = tenant.addForeign('other');
        await prepare(tenant);
        let count = 0;
        tenant[when] = () => {
          count += 1;
          if (count === failing) throw new Error('cut off');
        };
        await expect(install(tenant, code)).rejects.toThrow('cut off');
        // No login runs half an installation: every Action in the flow is deployed.
        for (const { actionId } of tenant.bindings) expect(tenant.actions.get(actionId)?.deployed).not.toBeNull();
        tenant[when] = () => {};
        await install(tenant, code);
        expectInstalled(tenant, code);
        expect(tenant.bindings[0]).toEqual(other);
      }
    }
  });
});

describe('races', () => {
  /** Runs something once, right before the given call. */
  const once = (tenant: MemoryTenant, call: Call, act: () => void): void => {
    let isDone = false;
    tenant.before = (next) => {
      if (next !== call || isDone) return;
      isDone = true;
      act();
    };
  };

  test('another Action is removed between reading and writing the flow: it stays removed, the installed one is added', async () => {
    const tenant = new MemoryTenant();
    const [first, second] = [tenant.addForeign('first'), tenant.addForeign('second')];
    once(tenant, 'replaceFlow', () => void tenant.bindings.splice(0, 1));
    const id = await install(tenant);
    expect(tenant.bindings.map((binding) => binding.actionId)).toEqual([second.actionId, id]);
    expect(tenant.bindings).not.toContain(first);
  });

  test('another admin writes an older list right afterwards: the Action is added again, the other entries are kept', async () => {
    const tenant = new MemoryTenant();
    const old = tenant.addForeign('old');
    let isDone = false;
    let added: typeof old | undefined;
    tenant.after = (call) => {
      if (call !== 'replaceFlow' || isDone) return;
      isDone = true;
      tenant.bindings = [old];
      added = tenant.addForeign('added meanwhile');
    };
    const id = await install(tenant);
    expect(tenant.bindings.map((binding) => binding.actionId)).toEqual([old.actionId, added?.actionId, id]);
  });

  test('an admin who keeps writing ends the run in a conflict, not in an endless loop', async () => {
    const tenant = new MemoryTenant();
    tenant.after = (call) => {
      if (call === 'replaceFlow') tenant.bindings = [];
    };
    await expect(install(tenant)).rejects.toMatchObject({ name: 'InstallerError', reason: 'conflict' });
  });

  test('a refusal that a retry does not solve is reported', async () => {
    const tenant = new MemoryTenant();
    tenant.before = (call) => {
      if (call === 'replaceFlow') throw new TenantFault('refused', 'no more today');
    };
    await expect(install(tenant)).rejects.toMatchObject({
      reason: 'failed',
      message: expect.stringContaining('no more today'),
    });
    expect(tenant.calls.filter((call) => call === 'replaceFlow')).toHaveLength(1);
  });

  test('another admin changes the Action while it builds: the change is not deployed', async () => {
    const tenant = new MemoryTenant();
    once(tenant, 'get', () => {
      for (const action of tenant.actions.values()) action.draft = { ...action.draft, code: '// theirs' };
    });
    await expect(install(tenant)).rejects.toMatchObject({ reason: 'conflict' });
    expect(tenant.calls).not.toContain('deploy');
  });

  test('another admin deletes the Action while it builds', async () => {
    const tenant = new MemoryTenant();
    once(tenant, 'get', () => tenant.actions.clear());
    await expect(install(tenant)).rejects.toMatchObject({ reason: 'conflict' });
  });

  test('two concurrent installers create one Action', async () => {
    const tenant = new MemoryTenant();
    await Promise.allSettled([install(tenant), install(tenant)]);
    await install(tenant);
    expectInstalled(tenant);
  });
});

test('a build that never ends times out after a minute, and is deployed by the next run', async () => {
  const tenant = new MemoryTenant();
  tenant.buildSteps = 1_000;
  let waitedMs = 0;
  const found = null;
  const desired = await desireInstalled(found, { code: CODE, settings, isForced: false }, secrets);
  const pause = async (durationMs: number) => {
    waitedMs += durationMs;
  };
  await expect(bringAction(tenant, NAME, found, desired, pause)).rejects.toMatchObject({ reason: 'failed' });
  expect(waitedMs).toBe(60_000);
  for (const action of tenant.actions.values()) action.buildSteps = 0;
  await install(tenant);
  expectInstalled(tenant);
});

test('a full flow is refused before anything is written', async () => {
  const tenant = new MemoryTenant();
  for (let index = 0; index < 20; index += 1) tenant.addForeign(`other ${index}`);
  await expect(placeInFlow(tenant, 'act_new', NAME)).rejects.toMatchObject({ reason: 'conflict' });
  expect(tenant.calls).toEqual(['flow']);
});
