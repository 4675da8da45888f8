import { useEffect } from 'react';
import { CallError, type SessionApi } from './api.ts';
import type { Camera } from './camera.ts';
import { cameraProblemOf, readCameraRight } from './camera-problem.ts';
import { loadCameraStep } from './camera-step.ts';
import { limitMs } from './limits.ts';
import { serverClock } from './server-clock.ts';
import type { Event, State, StateName, StateOf } from './states.ts';

export type Send = (event: Event) => void;

/** Dependencies of the work of a state. */
export interface Tools {
  readonly api: SessionApi;
  readonly camera: Camera;
}

interface Work extends Tools {
  readonly send: Send;
  /** Aborted with the state: running calls are abandoned, and late answers change nothing. */
  readonly leaving: AbortSignal;
}

export const callFailed = (error: unknown): Event =>
  error instanceof CallError
    ? { type: 'call-failed', failure: error.failure, supportId: error.supportId }
    : { type: 'call-failed', failure: 'internal-error', supportId: null };

const start = async ({ view }: StateOf<'starting'>, { api, send, leaving }: Work): Promise<void> => {
  const { task, consent } = view;
  const given = consent === null ? null : { version: consent.version, locale: document.documentElement.lang };
  const answer = await api.startLiveness(task, given, leaving);
  if (answer.state === 'started') return send({ type: 'started', started: answer });
  const { outcome, lockedUntil } = await api.readSession(leaving);
  return send({ type: 'ended', outcome: outcome ?? 'conflict', lockedUntil });
};

const complete = async ({ view, attempt }: StateOf<'checking'>, { api, send, leaving }: Work): Promise<void> => {
  const answer = await api.complete(view.task, attempt, leaving);
  if (answer.state === 'code') {
    return send({ type: 'code-given', code: answer.code, secondsLeft: answer.endsAt - answer.now });
  }
  const { state: result, outcome, hints, attemptsLeft } = answer;
  if (result === 'again') return send({ type: 'try-again', outcome, hints, attemptsLeft });
  // Only for a lock is more needed than the outcome: when it ends.
  const lockedUntil = outcome === 'locked' ? (await api.readSession(leaving)).lockedUntil : null;
  return send({ type: 'ended', outcome, lockedUntil });
};

const ask = async (_state: StateOf<'asking'>, { camera, send }: Work): Promise<void> => {
  // In parallel with the prompt: a failure here is retried, and reported, when the script is needed.
  loadCameraStep().catch(() => undefined);
  try {
    await camera.open();
    send({ type: 'camera-ready' });
  } catch (error) {
    send({ type: 'camera-failed', problem: cameraProblemOf(error, await readCameraRight()) });
  }
};

const prepare = (_state: StateOf<'preparing'>, { send }: Work): Promise<void> =>
  loadCameraStep().then(
    () => send({ type: 'script-ready' }),
    () => send({ type: 'call-failed', failure: 'not-loaded', supportId: null }),
  );

const end = async ({ view, reason }: StateOf<'ending'>, { api, send, leaving }: Work): Promise<void> => {
  await api.end(reason, leaving);
  if (view.role === 'login') location.replace(view.returnPath);
  else send({ type: 'ended', outcome: reason, lockedUntil: null });
};

const READ_AGAIN_MS = 2500;
const READ_TIMEOUT_MS = 10_000;

/** Polls the session, one call at a time, while the check runs on another device or its code is not entered yet. */
const readLater = async ({ api, send, leaving }: Work): Promise<void> => {
  await new Promise((resolve) => setTimeout(resolve, READ_AGAIN_MS));
  if (leaving.aborted) return;
  send({ type: 'loaded', view: await api.readSession(leaving, READ_TIMEOUT_MS) });
};

const read = async ({ api, send, leaving }: Work): Promise<void> =>
  send({ type: 'loaded', view: await api.readSession(leaving) });

/** Work of a state, started once on entering it. */
const WORK: { readonly [Name in StateName]?: (state: StateOf<Name>, work: Work) => Promise<void> } = {
  loading: (_state, work) => read(work),
  intro: async (state, work) => (state.isStale ? read(work) : undefined),
  asking: ask,
  preparing: prepare,
  starting: start,
  checking: complete,
  elsewhere: async ({ view, link }, work) => (view.handoff !== null || link !== null ? readLater(work) : undefined),
  'showing-code': async (_state, work) => {
    // The code stays on the screen even without a network.
    for (;;) {
      if (work.leaving.aborted) return;
      await readLater(work).catch(() => undefined);
    }
  },
  ending: end,
};

/** Runs the work of the state, and aborts it when the state is left. */
export const useWork = (state: State, tools: Tools, send: Send): void => {
  useEffect(() => {
    const leaving = new AbortController();
    const sendNow: Send = (event) => {
      if (!leaving.signal.aborted) send(event);
    };
    const work = { ...tools, send: sendNow, leaving: leaving.signal };
    const run = WORK[state.name] as ((state: State, work: Work) => Promise<void>) | undefined;
    run?.(state, work).catch((error: unknown) => sendNow(callFailed(error)));
    return () => leaving.abort();
  }, [state, tools, send]);
};

/** Ends a state whose limit is over. */
export const useLimit = (state: State, send: Send): void => {
  useEffect(() => {
    const ms = limitMs(
      state,
      serverClock.nowSeconds() ?? ('view' in state && state.view !== null ? state.view.now : 0),
    );
    if (ms === null) return;
    const timer = setTimeout(() => send({ type: 'time-over' }), ms);
    return () => clearTimeout(timer);
  }, [state, send]);
};
