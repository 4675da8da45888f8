import { useEffect, useReducer } from 'react';
import type { SessionView } from '../../contract/api/session.ts';
import type { Camera } from './camera.ts';
import { CameraScreen } from './camera-screen.tsx';
import { Failed, Finished } from './end-screens.tsx';
import { canRunCheck } from './features.ts';
import { Elsewhere, ShowCode } from './handoff-screens.tsx';
import { next } from './machine.ts';
import { Working } from './screen-parts.tsx';
import { Intro } from './screens.tsx';
import type { EndReason, State, StateOf } from './states.ts';
import { en } from './text/en.ts';
import { useBranding, useCameraEnd, useElsewhereCalls, useFreshHistory, useGiveBack } from './use-page.ts';
import { type Send, type Tools, useLimit, useWork } from './use-work.ts';

const LOADING: State = { name: 'loading' };

/** The sign-in as last read; null before. */
const viewOf = (state: State): SessionView | null => ('view' in state ? state.view : null);

/** True if the page itself may be the cause: older than the service, or without one of its parts. */
const isFixedByReload = ({ failure, again }: StateOf<'failed'>): boolean => again === null && failure !== 'offline';

interface AppProps {
  readonly tools: Tools;
  /** Called with the current sign-in, for the error boundary. */
  readonly onView: (view: SessionView) => void;
}

/** The capture page: what it shows depends only on the machine's state. */
export const App = ({ tools, onView }: AppProps) => {
  const [state, send] = useReducer(next, LOADING);
  useWork(state, tools, send);
  useLimit(state, send);
  useFreshHistory(send);
  useCameraEnd(state, tools.camera);
  useGiveBack(state, tools.api);
  useBranding(state);
  const view = viewOf(state);
  useEffect(() => {
    if (view !== null) onView(view);
  }, [view, onView]);
  const calls = useElsewhereCalls(state, tools.api, send);
  return <Shown state={state} send={send} camera={tools.camera} {...calls} />;
};

interface ShownProps extends ReturnType<typeof useElsewhereCalls> {
  readonly state: State;
  readonly send: Send;
  readonly camera: Camera;
}

const Shown = ({ state, send, camera, makeLink, enterCode }: ShownProps) => {
  const end = (reason: EndReason): void => send({ type: 'end-pressed', reason });
  switch (state.name) {
    case 'loading':
      return <Working title={en.loading} />;
    case 'intro':
      return (
        <Intro
          view={state.view}
          notice={state.notice}
          canRun={canRunCheck()}
          onStart={() => send({ type: 'start-pressed' })}
          onHandOver={() => send({ type: 'hand-over-pressed' })}
          onEnd={end}
        />
      );
    case 'asking':
    case 'preparing':
    case 'starting':
    case 'capturing':
      return <CameraScreen state={state} send={send} camera={camera} />;
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
          onEnd={end}
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
    case 'checking':
      return <Working title={en.checking} />;
    case 'ending':
      return <Working title={en.ending} />;
    case 'finished':
      return <Finished view={state.view} outcome={state.outcome} />;
    case 'failed':
      return (
        <Failed
          failure={state.failure}
          supportId={state.supportId}
          view={state.view}
          isRepeatable={!isFixedByReload(state)}
          onReload={() => (isFixedByReload(state) ? location.reload() : send({ type: 'reload-pressed' }))}
          onEnd={end}
        />
      );
  }
};
