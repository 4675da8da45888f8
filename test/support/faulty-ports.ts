import type { PreparedReference } from '../../lambdas/core/model/references.ts';
import type { World } from './world.ts';

/**
 * What happens at one call of a port: an error instead of the effect; the effect and then an error; or the effect and then
 * the end of the process, after which no call has any effect.
 */
export type Fault = 'before' | 'after' | 'kill';

/** Represents whatever an SDK may throw: not a Problem, no known class. */
class InjectedFault extends Error {}

type Ports = World['ports'];
type Call = (...values: unknown[]) => Promise<unknown>;

/** The ports that reach outside the process. */
const OUTER = [
  'integrations',
  'users',
  'sessions',
  'faces',
  'references',
  'jobs',
  'streamCredentials',
  'keyVault',
] as const;

/**
 * The same ports, with a fault at the `failing`-th call (from 0) that leaves the process, in whatever order the code makes them.
 * @returns the ports, and the names of the calls so far
 */
export const faultyPorts = (ports: Ports, failing: number, fault: Fault) => {
  const calls: string[] = [];
  const guard = (name: string, call: Call): Call => {
    return async (...values) => {
      const index = calls.push(name) - 1;
      if (index === failing && fault === 'before') throw new InjectedFault(name);
      if (index > failing && fault === 'kill') throw new InjectedFault(name);
      const value = await call(...values);
      if (index === failing) throw new InjectedFault(name);
      if (name !== 'references.prepare') return value;
      const prepared = value as PreparedReference;
      return { ...prepared, store: guard('references.store', prepared.store as Call) };
    };
  };
  const wrap = (name: string, port: object): object =>
    new Proxy(port, {
      get: (target, member) => {
        const value: unknown = Reflect.get(target, member, target);
        // Drawing a name does not leave the process.
        if (member === 'newObjectKey' && typeof value === 'function') return value.bind(target);
        return typeof value === 'function' ? guard(`${name}.${String(member)}`, value.bind(target)) : value;
      },
    });
  const wrapped = Object.fromEntries(OUTER.map((name) => [name, wrap(name, ports[name])])) as Partial<Ports>;
  return { ports: wrapped, calls };
};
