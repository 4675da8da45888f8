import {
  CompleteRequest,
  CompleteResponse,
  StartLivenessRequest,
  StartLivenessResponse,
} from '../../contract/api/face-check.ts';
import type { Task } from '../../contract/api/session.ts';
import { type CompleteCheckPorts, completeCheck } from '../core/face-check/complete-check.ts';
import { type StartLivenessPorts, startLiveness } from '../core/face-check/start-liveness.ts';
import { Problem } from '../core/model/problem.ts';
import { NO_STORE_HEADERS } from '../http/answer-headers.ts';
import { endpoint, type HttpHandler, type HttpRequest } from '../http/endpoint.ts';
import { jsonAnswer, jsonBody } from '../http/json-body.ts';
import { problemAnswer } from '../http/problem-json.ts';
import { pageCredential } from '../http/session-cookie.ts';

export interface FaceCheckEndpointPorts extends StartLivenessPorts, CompleteCheckPorts {
  readonly publicOrigin: string;
}

/** POST /api/{task}/liveness and POST /api/{task}/complete: the same contract for enrolling and verifying. */
export const faceCheckEndpoint = (ports: FaceCheckEndpointPorts, task: Task): HttpHandler => {
  const start = startLiveness(ports, task);
  const complete = completeCheck(ports, task);
  const routes: Readonly<Record<string, (request: HttpRequest) => Promise<ReturnType<typeof jsonAnswer>>>> = {
    [`POST /api/${task}/liveness`]: async (request) => {
      const credential = pageCredential(request, ports.publicOrigin);
      const answer = await start(credential, jsonBody(request, StartLivenessRequest), (id) => {
        request.supportId = id;
      });
      ports.log('liveness-start', { supportId: request.supportId, task, state: answer.state });
      return jsonAnswer(StartLivenessResponse, answer, NO_STORE_HEADERS);
    },
    [`POST /api/${task}/complete`]: async (request) => {
      const credential = pageCredential(request, ports.publicOrigin);
      const { attempt } = jsonBody(request, CompleteRequest);
      const answer = await complete(credential, attempt, (id) => {
        request.supportId = id;
      });
      const outcome = answer.state === 'code' ? null : answer.outcome;
      ports.log('check-complete', { supportId: request.supportId, task, state: answer.state, outcome });
      return jsonAnswer(CompleteResponse, answer, NO_STORE_HEADERS);
    },
  };
  return endpoint(ports.log, problemAnswer, (request) => {
    const run = routes[request.event.routeKey];
    if (run === undefined) throw new Problem('not-found', 'no such route');
    return run(request);
  });
};
