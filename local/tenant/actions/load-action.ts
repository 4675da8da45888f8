import { AsyncLocalStorage } from 'node:async_hooks';
import { readFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { setTimeout as pause } from 'node:timers/promises';
import { format } from 'node:util';
import { compileFunction } from 'node:vm';
import { createActionApi } from './action-api.ts';
import type { ActionEffects } from './action-effects.ts';
import type { ActionEvent } from './action-event.ts';

/** An Action as it is deployed. */
export interface ActionCode {
  readonly name: string;
  readonly code: string;
  readonly secrets: Readonly<Record<string, string>>;
}

/** An Action that the tenant is started with, in the post-login flow: its code, or the built file that an admin would install. */
export type ActionSource = ActionCode | (Omit<ActionCode, 'code'> & { readonly file: string });

export type HandlerName = 'onExecutePostLogin' | 'onContinuePostLogin';
type Handler = (event: object, api: object) => Promise<unknown>;

/** One call of a handler. */
export interface ActionCall {
  readonly handler: HandlerName;
  readonly event: ActionEvent;
  readonly effects: ActionEffects;
  /** Epoch seconds. */
  readonly nowSeconds: number;
  /** The rest of the trigger's time. */
  readonly budgetMs: number;
}

export interface LoadedAction {
  readonly name: string;
  /** May be replaced while the tenant is running, like a secret that an admin rotates. */
  secrets: Readonly<Record<string, string>>;
  /** @throws Error if the Action throws, takes longer than the budget, or lacks the handler to return to */
  run(call: ActionCall): Promise<void>;
}

/** Auth0's limits (Actions limitations). */
const MAX_SOURCE_BYTES = 100_000;
const MAX_LOG_CHARACTERS = 256;

/** Characters of log that the current call may still write; the module's one console serves all calls. */
const logRoom = new AsyncLocalStorage<{ characters: number }>();

const limitedConsole = (name: string, log: (line: string) => void) => {
  const write = (...parts: unknown[]): void => {
    const room = logRoom.getStore() ?? { characters: MAX_LOG_CHARACTERS };
    const kept = format(...parts).slice(0, room.characters);
    room.characters -= kept.length;
    if (kept !== '') log(`[${name}] ${kept}`);
  };
  return { log: write, info: write, warn: write, error: write, debug: write };
};

const builtinsOnly = (id: string): unknown => {
  if (!isBuiltin(id)) throw new Error(`Cannot find module '${id}'`);
  return createRequire(import.meta.url)(id);
};

type ModuleExports = Readonly<Record<string, unknown>>;

class HandlerError extends Error {}

const handlerOf = (exports: ModuleExports, name: HandlerName): Handler | null => {
  const handler = exports[name];
  if (handler === undefined) return null;
  // Auth0 refuses a handler that is not a real async function, e.g. after down-levelling below ES2017.
  if (typeof handler !== 'function' || handler.constructor.name !== 'AsyncFunction') {
    throw new HandlerError(`${name} must be an async function`);
  }
  return handler as Handler;
};

/**
 * Runs module-level code once; whatever it throws is thrown again at every call, as Auth0 does.
 * @throws SyntaxError if the source does not parse
 */
const evaluateOnce = (source: string, name: string, log: (line: string) => void): (() => ModuleExports) => {
  const run = compileFunction(source, ['module', 'exports', 'require', 'console'], { filename: `${name}.js` });
  const module = { exports: {} as ModuleExports };
  try {
    run(module, module.exports, builtinsOnly, limitedConsole(name, log));
    for (const handler of ['onExecutePostLogin', 'onContinuePostLogin'] as const) handlerOf(module.exports, handler);
  } catch (cause) {
    if (cause instanceof HandlerError) throw cause;
    return () => {
      throw new Error(`could not start: ${cause instanceof Error ? cause.message : 'unknown'}`, { cause });
    };
  }
  return () => module.exports;
};

const withinBudget = async (work: Promise<unknown>, budgetMs: number): Promise<void> => {
  const timer = new AbortController();
  const timeout = pause(Math.max(0, budgetMs), undefined, { signal: timer.signal, ref: false }).then(
    () => Promise.reject(new Error('The Action took longer than its budget')),
    () => undefined,
  );
  await Promise.race([work, timeout]).finally(() => timer.abort());
};

/** The code of an Action, from its file if one is given. */
export const readActionSource = (source: ActionSource): ActionCode => {
  const { name, secrets } = source;
  return { name, secrets, code: 'code' in source ? source.code : readFileSync(source.file, 'utf8') };
};

/**
 * Loads an Action as Auth0 does: wrapped as a function of module, exports, require and console, initialized once.
 * @param log receives the Action's own console output, at most 256 characters per call
 * @throws Error for code over 100 kB, code that does not parse, or a handler that is not an async function
 */
export const loadAction = ({ name, code: source, secrets }: ActionCode, log: (line: string) => void): LoadedAction => {
  if (Buffer.byteLength(source) > MAX_SOURCE_BYTES) throw new Error(`Action ${name} is larger than 100 kB`);
  const exportsOf = evaluateOnce(source, name, log);
  return {
    name,
    secrets,
    run: async ({ handler: handlerName, event, effects, nowSeconds, budgetMs }) => {
      const handler = handlerOf(exportsOf(), handlerName);
      const isContinue = handlerName === 'onContinuePostLogin';
      if (handler === null) {
        if (isContinue) throw new Error('redirected, but exports no onContinuePostLogin');
        return;
      }
      const api = createActionApi(event, effects, isContinue, nowSeconds);
      await logRoom.run({ characters: MAX_LOG_CHARACTERS }, () =>
        withinBudget(handler(structuredClone(event), api), budgetMs),
      );
    },
  };
};
