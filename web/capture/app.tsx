import { lazy, Suspense, useCallback, useEffect, useReducer, useRef } from 'react';
import { CallError, type SessionApi } from './api.ts';
import { Elsewhere, ShowCode } from './handoff-screens.tsx';
import { type CameraProblem, type Event, next, type State } from './machine.ts';
import { readableOn } from './readable-on.ts';
import { Failed, Finished, Intro, Working } from './screens.tsx';
import { en } from './text/en.ts';

const LivenessStep = lazy(() => import('./liveness-step.tsx').then((module) => ({ default: module.LivenessStep })));

const LOADING: State = { name: 'loading' };

const canUseCamera = (): boolean =>
  typeof navigator.mediaDevices?.getUserMedia === 'function' && 'MediaRecorder' in window;

type Send = (event: Event) => void;

const failWith = (send: Send) => (error: unknown) =>
  error instanceof CallError
    ? send({ type: 'call-failed', failure: error.failure, supportId: error.supportId })
    : send({ type: 'call-failed', failure: 'internal-error', supportId: null });

const start = async (api: SessionApi, state: Extract<State, { name: 'starting' }>, send: Send): Promise<void> => {
  const { task, consent } = state.view;
  const given = consent === null ? null : { version: consent.version, locale: document.documentElement.lang };
  const answer = await api.startLiveness(task, given);
  if (answer.state === 'started') return send({ type: 'started', started: answer });
  const { outcome, lockedUntil } = await api.readSession();
  return send({ type: 'ended', outcome: outcome ?? 'conflict', lockedUntil });
};

const complete = async (api: SessionApi, state: Extract<State, { name: 'checking' }>, send: Send): Promise<void> => {
  const answer = await api.complete(state.view.task, state.attempt);
  if (answer.state === 'code') {
    return send({ type: 'code-given', code: answer.code, secondsLeft: answer.endsAt - answer.now });
  }
  const { state: result, outcome, hints, attemptsLeft } = answer;
  if (result === 'again') return send({ type: 'try-again', outcome, hints, attemptsLeft });
  // Only a lock has more to say than its name: when it ends.
  const lockedUntil = outcome === 'locked' ? (await api.readSession()).lockedUntil : null;
  return send({ type: 'ended', outcome, lockedUntil });
};

/** Work that belongs to a state, done once on entering it. */
const useWork = (state: State, api: SessionApi, send: Send): void => {
  useEffect(() => {
    const fail = failWith(send);
    if (state.name === 'loading') api.readSession().then((view) => send({ type: 'loaded', view }), fail);
    if (state.name === 'starting') start(api, state, send).catch(fail);
    if (state.name === 'checking') complete(api, state, send).catch(fail);
  }, [state, api, send]);
};

const READ_AGAIN_MS = 2500;

/** While another device has the check, or its code is not entered yet, what stands is read again and again. */
const useWaiting = (state: State, api: SessionApi, send: Send): void => {
  const isWaiting = state.name === 'showing-code' || (state.name === 'elsewhere' && state.view.handoff !== null);
  const wasOffered = state.name === 'elsewhere' && state.link !== null;
  useEffect(() => {
    if (!isWaiting && !wasOffered) return;
    const read = (): void => {
      api.readSession().then(
        (view) => send({ type: 'loaded', view }),
        // A lost connection mends itself, or the next call of the person tells.
        (error: unknown) =>
          error instanceof CallError && error.failure === 'offline' ? undefined : failWith(send)(error),
      );
    };
    const timer = setInterval(read, READ_AGAIN_MS);
    return () => clearInterval(timer);
  }, [isWaiting, wasOffered, api, send]);
};

/** A page that comes back from the history shows what stands now, not what stood when it was left. */
const useFreshHistory = (send: Send): void => {
  useEffect(() => {
    const reread = (event: PageTransitionEvent): void => {
      if (event.persisted) send({ type: 'reload-pressed' });
    };
    window.addEventListener('pageshow', reread);
    return () => window.removeEventListener('pageshow', reread);
  }, [send]);
};

/** A check that is left half-way, by closing or reloading the page, was never judged: it is given back. */
const useReleaseOnLeaving = (state: State, api: SessionApi): void => {
  const attempt = state.name === 'capturing' ? state.started.attempt : null;
  useEffect(() => {
    if (attempt === null) return;
    const release = (): void => void api.release(attempt).catch(() => undefined);
    window.addEventListener('pagehide', release);
    return () => window.removeEventListener('pagehide', release);
  }, [attempt, api]);
};

/** The organisation's colour for the main button, with black or white on it, whichever reads better. */
const useBranding = (state: State): void => {
  const color = 'view' in state ? state.view.branding.accentColor : null;
  useEffect(() => {
    const style = document.documentElement.style;
    if (color === null) return;
    style.setProperty('--brand', color);
    style.setProperty('--on-brand', readableOn(color));
    return () => {
      style.removeProperty('--brand');
      style.removeProperty('--on-brand');
    };
  }, [color]);
};

/** The capture page: what it shows follows from the machine's state alone. */
export const App = ({ api }: { api: SessionApi }) => {
  const [state, send] = useReducer(next, LOADING);
  const attempt = useRef(0);
  useWork(state, api, send);
  useWaiting(state, api, send);
  useFreshHistory(send);
  useReleaseOnLeaving(state, api);
  useBranding(state);

  const end = useCallback(
    (view: Extract<State, { name: 'intro' }>['view'], reason: 'declined' | 'reported') => {
      send({ type: 'end-pressed' });
      api
        .end(reason)
        .then(async () => {
          if (view.role === 'login') location.replace(view.returnPath);
          else send({ type: 'ended', outcome: reason, lockedUntil: null });
        })
        .catch(failWith(send));
    },
    [api],
  );
  const makeLink = useCallback(
    async (transport: 'email' | 'qr') => {
      try {
        const { link } = await api.offerHandoff(transport);
        send({ type: 'link-made', link });
        send({ type: 'loaded', view: await api.readSession() });
      } catch (error) {
        failWith(send)(error);
      }
    },
    [api],
  );
  const enterCode = useCallback(
    async (code: string) => {
      try {
        const answer = await api.confirmCode(code);
        if (answer.state === 'again') send({ type: 'code-wrong', triesLeft: answer.triesLeft });
        else send({ type: 'loaded', view: await api.readSession() });
      } catch (error) {
        failWith(send)(error);
      }
    },
    [api],
  );
  const cameraFailed = useCallback(
    (problem: CameraProblem) => {
      // Given back, so that a bad camera does not lock the person out; the page goes on whether or not that arrives.
      void api.release(attempt.current).catch(() => undefined);
      send({ type: 'camera-failed', problem });
    },
    [api],
  );

  switch (state.name) {
    case 'loading':
      return <Working title={en.loading} />;
    case 'intro': {
      const notice = canUseCamera() ? state.notice : ({ kind: 'camera', problem: 'not_supported' } as const);
      return (
        <Intro
          view={state.view}
          notice={notice}
          onStart={() => (canUseCamera() ? send({ type: 'start-pressed' }) : undefined)}
          onHandOver={() => send({ type: 'hand-over-pressed' })}
          onEnd={(reason) => end(state.view, reason)}
        />
      );
    }
    case 'elsewhere':
      return (
        <Elsewhere
          view={state.view}
          link={state.link}
          notice={state.notice}
          codeTriesLeft={state.codeTriesLeft}
          onMakeLink={makeLink}
          onCode={enterCode}
          onStay={() => send({ type: 'stay-pressed' })}
          onEnd={(reason) => end(state.view, reason)}
        />
      );
    case 'showing-code':
      return (
        <ShowCode
          view={state.view}
          code={state.code}
          secondsLeft={state.secondsLeft}
          onAgain={() => send({ type: 'reload-pressed' })}
        />
      );
    case 'starting':
      return <Working title={en.starting} />;
    case 'capturing':
      attempt.current = state.started.attempt;
      return (
        <section className="camera" aria-label={en.capturing}>
          <h1 className="hidden">{en.capturing}</h1>
          <Suspense fallback={<Working title={en.starting} />}>
            <LivenessStep
              key={state.started.livenessSessionId}
              started={state.started}
              onDone={() => send({ type: 'capture-done' })}
              onProblem={cameraFailed}
            />
          </Suspense>
        </section>
      );
    case 'checking':
      return <Working title={en.checking} />;
    case 'ending':
      return <Working title={en.ending} />;
    case 'finished':
      return <Finished view={state.view} outcome={state.outcome} />;
    case 'failed':
      return (
        <Failed failure={state.failure} supportId={state.supportId} onReload={() => send({ type: 'reload-pressed' })} />
      );
  }
};
