import { readFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { setTimeout as pause } from 'node:timers/promises';
import { compileFunction } from 'node:vm';
import { type ActionEffects, createActionApi } from './action-api.ts';
import type { ActionEvent } from './action-event.ts';

export interface ActionSource {
  readonly name: string;
  /** The built file, exactly as an admin would install it. */
  readonly file: string;
  readonly secrets: Readonly<Record<string, string>>;
}

type HandlerName = 'onExecutePostLogin' | 'onContinuePostLogin';
type Handler = (event: object, api: object) => Promise<unknown>;

export interface LoadedAction {
  readonly name: string;
  readonly secrets: Readonly<Record<string, string>>;
  has(handler: HandlerName): boolean;
  /** @throws Error if the Action throws or takes longer than the budget */
  run(handler: HandlerName, event: ActionEvent, effects: ActionEffects, nowSeconds: number): Promise<void>;
}

/** Auth0's limits (Actions limitations). */
const MAX_SOURCE_BYTES = 100_000;
const MAX_LOG_CHARACTERS = 256;
const BUDGET_MS = 20_000;

const limitedConsole = (name: string, log: (line: string) => void) => {
  const write = (...parts: unknown[]): void => log(`[${name}] ${parts.join(' ').slice(0, MAX_LOG_CHARACTERS)}`);
  return { log: write, info: write, warn: write, error: write, debug: write };
};

const builtinsOnly = (id: string): unknown => {
  if (!isBuiltin(id)) throw new Error(`Cannot find module '${id}'`);
  return createRequire(import.meta.url)(id);
};

const evaluate = (source: string, name: string, log: (line: string) => void): Record<string, unknown> => {
  const module = { exports: {} as Record<string, unknown> };
  const run = compileFunction(source, ['module', 'exports', 'require', 'console'], { filename: `${name}.js` });
  run(module, module.exports, builtinsOnly, limitedConsole(name, log));
  return module.exports;
};

const asHandler = (exports: Record<string, unknown>, name: HandlerName): Handler | null => {
  const handler = exports[name];
  if (handler === undefined) return null;
  // Auth0 refuses what is no real async function, e.g. after down-levelling.
  if (typeof handler !== 'function' || handler.constructor.name !== 'AsyncFunction') {
    throw new Error(`${name} must be an async function`);
  }
  return handler as Handler;
};

/**
 * Loads an Action as Auth0 does: wrapped as a function of module, exports, require and console, initialised once.
 * @throws Error for a file over 100 kB or a handler that is no async function
 */
export const loadAction = (
  { name, file, secrets }: ActionSource,
  log: (line: string) => void,
  budgetMs: number = BUDGET_MS,
): LoadedAction => {
  const source = readFileSync(file, 'utf8');
  if (Buffer.byteLength(source) > MAX_SOURCE_BYTES) throw new Error(`Action ${name} is larger than 100 kB`);
  const exports = evaluate(source, name, log);
  const handlers = {
    onExecutePostLogin: asHandler(exports, 'onExecutePostLogin'),
    onContinuePostLogin: asHandler(exports, 'onContinuePostLogin'),
  };
  return {
    name,
    secrets,
    has: (handler) => handlers[handler] !== null,
    run: async (handlerName, event, effects, nowSeconds) => {
      const handler = handlers[handlerName];
      if (handler === null) return;
      const api = createActionApi(event, effects, handlerName === 'onContinuePostLogin', nowSeconds);
      const timer = new AbortController();
      const timeout = pause(budgetMs, undefined, { signal: timer.signal, ref: false }).then(
        () => Promise.reject(new Error('The Action took longer than its budget')),
        () => undefined,
      );
      await Promise.race([handler(structuredClone(event), api), timeout]).finally(() => timer.abort());
    },
  };
};
