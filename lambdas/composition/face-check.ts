import { setTimeout as pause } from 'node:timers/promises';
import { KMSClient } from '@aws-sdk/client-kms';
import { RekognitionClient } from '@aws-sdk/client-rekognition';
import { S3Client } from '@aws-sdk/client-s3';
import { STSClient } from '@aws-sdk/client-sts';
import type { Task } from '../../contract/api/session.ts';
import { fromMilliseconds } from '../../contract/protocol/epoch-seconds.ts';
import { boundedCalls } from '../adapters/bounded-calls.ts';
import { JobStore } from '../adapters/dynamodb/jobs/job-store.ts';
import { createDocumentClient } from '../adapters/dynamodb/table/document-client.ts';
import { RekognitionEngine } from '../adapters/rekognition/rekognition-engine.ts';
import { SealedReferenceStore } from '../adapters/s3/sealed-reference-store.ts';
import { StsStreamCredentials } from '../adapters/sts/stream-credentials.ts';
import type { Log } from '../core/model/ports.ts';
import { type FaceCheckEndpointPorts, faceCheckEndpoint } from '../functions/face-check-endpoint.ts';
import { behindFrontDoor } from '../http/behind-front-door.ts';
import type { HttpHandler } from '../http/endpoint.ts';
import { createLog } from '../http/log.ts';
import { type Environment, FACE_CHECK_VARIABLES, readEnvironment } from './environment.ts';
import { loginStores } from './login-stores.ts';

const portsFrom = (environment: Environment<typeof FACE_CHECK_VARIABLES>, log: Log): FaceCheckEndpointPorts => {
  const tables = createDocumentClient();
  const region = environment.LIVENESS_REGION;
  return {
    publicOrigin: environment.PUBLIC_ORIGIN,
    ...loginStores(tables, environment),
    faces: new RekognitionEngine(new RekognitionClient({ region, ...boundedCalls() })),
    jobs: new JobStore(tables, environment.DUE_WORK_TABLE),
    references: new SealedReferenceStore(new S3Client(boundedCalls()), new KMSClient(boundedCalls()), {
      bucket: environment.FACE_BUCKET,
      keyId: environment.FACE_KEY_ID,
    }),
    streamCredentials: new StsStreamCredentials(new STSClient(boundedCalls()), {
      roleArn: environment.STREAM_ROLE_ARN,
      region,
    }),
    clock: () => fromMilliseconds(Date.now()),
    pause,
    log,
  };
};

/** AWS behind the enroll and the verify Lambda; they differ only in their IAM grants and their task. */
export const faceCheckHandler = (task: Task): HttpHandler => {
  const environment = readEnvironment(FACE_CHECK_VARIABLES);
  const log = createLog(task);
  return behindFrontDoor(environment.FRONT_DOOR_SECRET, log, faceCheckEndpoint(portsFrom(environment, log), task));
};
