import type { Operation } from '../../aws-wire/aws-json-server.ts';
import type { CallersS3 } from '../callers-s3.ts';
import type { EnginePool } from '../engine/engine-pool.ts';
import type { LivenessSessions } from '../liveness/liveness-sessions.ts';
import { compareFaces } from './compare-faces.ts';
import { createSession } from './create-session.ts';
import { detectFaces } from './detect-faces.ts';
import { sessionResults } from './session-results.ts';

export interface OperationParts {
  readonly engine: EnginePool;
  readonly sessions: LivenessSessions;
  /** Null if no S3 endpoint is known. */
  readonly s3: CallersS3 | null;
}

/** The control plane: what the SDK's `RekognitionClient` calls. */
export const allOperations = ({ engine, sessions, s3 }: OperationParts): Record<string, Operation> => ({
  CompareFaces: compareFaces(engine, s3),
  DetectFaces: detectFaces(engine, s3),
  CreateFaceLivenessSession: createSession(sessions, s3),
  GetFaceLivenessSessionResults: sessionResults(sessions),
});
