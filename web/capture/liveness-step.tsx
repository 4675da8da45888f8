import { FaceLivenessDetectorCore } from '@aws-amplify/ui-react-liveness';
import '@aws-amplify/ui-react/styles.css';
import { useRef } from 'react';
import type { CameraProblem, Started } from './machine.ts';
import { en } from './text/en.ts';

export interface LivenessStepProps {
  readonly started: Started;
  readonly onDone: () => void;
  readonly onProblem: (problem: CameraProblem) => void;
}

/** The component's error states as ours. */
const PROBLEMS: Readonly<Record<string, CameraProblem>> = {
  TIMEOUT: 'timeout',
  FRESHNESS_TIMEOUT: 'timeout',
  FACE_DISTANCE_ERROR: 'too_close',
  MULTIPLE_FACES_ERROR: 'several_faces',
  CAMERA_ACCESS_ERROR: 'denied',
  CAMERA_FRAMERATE_ERROR: 'framerate',
  DEFAULT_CAMERA_NOT_FOUND_ERROR: 'missing',
  MOBILE_LANDSCAPE_ERROR: 'landscape',
  CONNECTION_TIMEOUT: 'connection',
  SERVER_ERROR: 'connection',
  RUNTIME_ERROR: 'other',
};

/** Own screens show the errors; the component's would offer a retry on a session that is used up. */
const NoErrorView = () => null;

/** Amazon's liveness component for one liveness session; it is never used twice. */
export const LivenessStep = ({ started, onDone, onProblem }: LivenessStepProps) => {
  // On a time-out the component reports twice, the second time an error of its own closing: the first one counts.
  const isOver = useRef(false);
  const once = (run: () => void): void => {
    if (isOver.current) return;
    isOver.current = true;
    run();
  };
  const { credentials, livenessSessionId, region } = started;
  return (
    <FaceLivenessDetectorCore
      sessionId={livenessSessionId}
      region={region}
      disableStartScreen
      displayText={en.liveness}
      components={{ ErrorView: NoErrorView }}
      onAnalysisComplete={async () => once(onDone)}
      onError={(error) => once(() => onProblem(PROBLEMS[error.state] ?? 'other'))}
      onUserCancel={() => once(() => onProblem('other'))}
      config={{
        credentialProvider: async () => ({
          accessKeyId: credentials.accessKeyId,
          secretAccessKey: credentials.secretAccessKey,
          sessionToken: credentials.sessionToken,
          expiration: new Date(credentials.expiresAt * 1000),
        }),
        binaryPath: new URL('models/wasm/', document.baseURI).href,
        faceModelUrl: new URL('models/face/model.json', document.baseURI).href,
      }}
    />
  );
};
