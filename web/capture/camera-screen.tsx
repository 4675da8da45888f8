import { useEffect, useState } from 'react';
import type { Camera } from './camera.ts';
import { cameraStep } from './camera-step.ts';
import { HINT_AFTER_MS } from './limits.ts';
import { Working } from './screen-parts.tsx';
import { OtherWays } from './screens.tsx';
import type { StateOf } from './states.ts';
import { en } from './text/en.ts';
import { enWaiting } from './text/en-camera.ts';
import type { Send } from './use-work.ts';

/** True once a wait is long enough to say what may be wrong. */
const useIsLong = (): boolean => {
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), HINT_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  return isLong;
};

/** A wait that the user can leave, with a hint when it gets long. */
export const Waiting = ({
  title,
  hint,
  isLong,
  send,
}: {
  title: string;
  hint: { readonly title: string; readonly text: string };
  isLong: boolean;
  send: Send;
}) => (
  <Working title={title}>
    {isLong ? (
      <div className="hint" role="alert">
        <strong>{hint.title}</strong>
        <p>{hint.text}</p>
      </div>
    ) : null}
    <button type="button" className="second" onClick={() => send({ type: 'back-pressed' })}>
      {enWaiting.back}
    </button>
    <OtherWays onEnd={(reason) => send({ type: 'end-pressed', reason })} />
  </Working>
);

const LongWaiting = (props: Omit<Parameters<typeof Waiting>[0], 'isLong'>) => (
  <Waiting {...props} isLong={useIsLong()} />
);

/** From Start to the end of the video. */
export const CameraScreen = ({
  state,
  send,
  camera,
}: {
  state: StateOf<'asking'> | StateOf<'preparing'> | StateOf<'starting'> | StateOf<'capturing'>;
  send: Send;
  camera: Camera;
}) => {
  if (state.name === 'asking') {
    return <LongWaiting key="asking" title={enWaiting.camera} hint={enWaiting.cameraHint} send={send} />;
  }
  if (state.name === 'preparing') {
    return <LongWaiting key="preparing" title={en.starting} hint={enWaiting.slowHint} send={send} />;
  }
  const Step = cameraStep();
  if (state.name === 'starting' || Step === null) return <Working title={en.starting} />;
  // Immediately, not at the next render: when the user cancels, the component requests a camera in the same task.
  const leave: Send = (event) => {
    camera.close();
    send(event);
  };
  return (
    <section className="camera" aria-label={en.capturing}>
      <h1 className="hidden">{en.capturing}</h1>
      <Step
        key={state.started.livenessSessionId}
        started={state.started}
        onDone={() => leave({ type: 'capture-done' })}
        onProblem={(problem) => leave({ type: 'camera-failed', problem })}
      />
    </section>
  );
};
