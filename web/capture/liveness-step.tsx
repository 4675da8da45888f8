import { FaceLivenessDetectorCore } from '@aws-amplify/ui-react-liveness';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { serverClock } from './server-clock.ts';
import type { CameraProblem, Started } from './states.ts';
import { enCamera } from './text/en-camera.ts';
import { watchStreams } from './watch-stream.ts';

export interface LivenessStepProps {
  readonly started: Started;
  readonly onDone: () => void;
  readonly onProblem: (problem: CameraProblem) => void;
}

/** Maps the component's error states. Camera access was granted before, so none of them is a refusal. */
const PROBLEMS: Readonly<Record<string, CameraProblem>> = {
  TIMEOUT: 'timeout',
  FRESHNESS_TIMEOUT: 'timeout',
  FACE_DISTANCE_ERROR: 'too_close',
  MULTIPLE_FACES_ERROR: 'several_faces',
  CAMERA_ACCESS_ERROR: 'unsuitable',
  CAMERA_FRAMERATE_ERROR: 'framerate',
  DEFAULT_CAMERA_NOT_FOUND_ERROR: 'missing',
  MOBILE_LANDSCAPE_ERROR: 'landscape',
  CONNECTION_TIMEOUT: 'connection',
  SERVER_ERROR: 'connection_lost',
  RUNTIME_ERROR: 'other',
};

/** The page's own screens show the errors; the component's would offer a retry on a used-up session. */
const NoErrorView = () => null;

/** The credentials in device time: the component compares their expiry with the device's clock. */
const credentialsOf = ({ credentials }: Started, offsetMs: number) => ({
  accessKeyId: credentials.accessKeyId,
  secretAccessKey: credentials.secretAccessKey,
  sessionToken: credentials.sessionToken,
  expiration: new Date(credentials.expiresAt * 1000 - offsetMs),
});

/** Amazon's liveness component for one liveness session; never reused. */
export const LivenessStep = ({ started, onDone, onProblem }: LivenessStepProps) => {
  // On a timeout the component reports twice, the second time because it closes: the first report counts.
  const isOver = useRef(false);
  const once = (run: () => void): void => {
    if (isOver.current) return;
    isOver.current = true;
    run();
  };
  const fail = useEffectEvent((problem: CameraProblem) => once(() => onProblem(problem)));
  useEffect(() => watchStreams((problem) => fail(problem)), []);
  const [offsetMs] = useState(() => serverClock.deviceOffsetMs());
  return (
    <FaceLivenessDetectorCore
      sessionId={started.livenessSessionId}
      region={started.region}
      disableStartScreen
      displayText={enCamera}
      components={{ ErrorView: NoErrorView }}
      onAnalysisComplete={async () => once(onDone)}
      onError={(error) => once(() => onProblem(PROBLEMS[error.state] ?? 'other'))}
      onUserCancel={() => once(() => onProblem('stopped'))}
      config={{
        credentialProvider: async () => credentialsOf(started, offsetMs),
        systemClockOffset: offsetMs,
        binaryPath: new URL('models/wasm/', document.baseURI).href,
        faceModelUrl: new URL('models/face/model.json', document.baseURI).href,
      }}
    />
  );
};
