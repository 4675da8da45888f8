import type { CompleteResponse, StartLivenessResponse } from '../../contract/api/face-check.ts';
import { ENROLL_ROUTES, VERIFY_ROUTES } from '../../contract/api/routes/capture.ts';
import type { Task } from '../../contract/api/session.ts';
import { type CompleteCheckPorts, completeCheck } from '../core/face-check/complete-check.ts';
import { type StartLivenessPorts, startLiveness } from '../core/face-check/start-liveness.ts';
import type { HttpHandler } from '../http/endpoint.ts';
import { type PageEndpointPorts, type PageHandlers, pageEndpoint } from '../http/page-endpoint.ts';

export interface FaceCheckEndpointPorts extends StartLivenessPorts, CompleteCheckPorts, PageEndpointPorts {}

type VerifyHandlers = PageHandlers<typeof VERIFY_ROUTES>;

const startHandler = (ports: FaceCheckEndpointPorts, task: Task): VerifyHandlers['startVerifyLiveness'] => {
  const start = startLiveness(ports, task);
  return async ({ body }, { credential, request }): Promise<StartLivenessResponse> => {
    const answer = await start(credential, body, (id) => {
      request.supportId = id;
    });
    ports.log('liveness-start', { supportId: request.supportId, task, state: answer.state });
    return answer;
  };
};

const completeHandler = (ports: FaceCheckEndpointPorts, task: Task): VerifyHandlers['completeVerify'] => {
  const complete = completeCheck(ports, task);
  return async ({ body }, { credential, request }): Promise<CompleteResponse> => {
    const answer = await complete(credential, body.attempt, (id) => {
      request.supportId = id;
    });
    const outcome = answer.state === 'code' ? null : answer.outcome;
    ports.log('check-complete', { supportId: request.supportId, task, state: answer.state, outcome });
    return answer;
  };
};

/** The whole HTTP contract of the enroll and of the verify Lambda: the same for both tasks, each at routes of its own. */
export const faceCheckEndpoint = (ports: FaceCheckEndpointPorts, task: Task): HttpHandler => {
  const [start, complete] = [startHandler(ports, task), completeHandler(ports, task)];
  return task === 'enroll'
    ? pageEndpoint(ports, ENROLL_ROUTES, { startEnrollLiveness: start, completeEnroll: complete })
    : pageEndpoint(ports, VERIFY_ROUTES, { startVerifyLiveness: start, completeVerify: complete });
};
