import { HandoffForm } from '../../../contract/api/handoff.ts';
import {
  type HandoffRequest,
  type OpenHandoffPorts,
  openHandoff,
  readHandoff,
  reportHandoff,
} from '../../core/handoff/open-handoff.ts';
import type { Log } from '../../core/model/ports.ts';
import { Problem } from '../../core/model/problem.ts';
import {
  endpoint,
  type FailureAnswer,
  type HttpAnswer,
  type HttpHandler,
  type HttpRequest,
} from '../../http/endpoint.ts';
import { formBody } from '../../http/form-body.ts';
import { messagePage, questionPage } from '../../http/html-page.ts';
import { goToCapturePage, isPrefetch, PREFETCH_RESPONSE } from '../../http/navigation.ts';
import { COOKIE_GRACE_SECONDS, heldCredential, sessionCookie } from '../../http/session-cookie.ts';
import { PAGES } from '../../text/en.ts';

export interface HandoffPagesPorts extends OpenHandoffPorts {
  readonly log: Log;
}

const FORM_ACTION = '/s/device';

const failure: FailureAnswer = (code, supportId) => {
  if (code === 'session-not-found' || code === 'not-found') return messagePage(404, PAGES.linkOver, supportId);
  if (code === 'session-finished') return messagePage(409, PAGES.finished, supportId);
  if (code === 'unavailable' || code === 'internal-error') return messagePage(503, PAGES.failed, supportId);
  return messagePage(400, PAGES.linkOver, supportId);
};

const requestOf = (request: HttpRequest, link: string): HandoffRequest => ({
  link,
  callerIp: request.event.requestContext.http.sourceIp,
  heldCredential: (handle) => heldCredential(request, handle),
});

const ask = (ports: HandoffPagesPorts) => {
  const read = readHandoff(ports);
  return async (request: HttpRequest): Promise<HttpAnswer> => {
    if (isPrefetch(request)) return PREFETCH_RESPONSE;
    const link = request.event.pathParameters?.['link'] ?? '';
    const question = await read(requestOf(request, link));
    if ('open' in question) return goToCapturePage(question.open);
    request.supportId = question.supportId;
    return questionPage(question, { action: FORM_ACTION, fields: { link } });
  };
};

const answer = (ports: HandoffPagesPorts) => {
  const open = openHandoff(ports);
  const report = reportHandoff(ports);
  return async (request: HttpRequest): Promise<HttpAnswer> => {
    const form = formBody(request, HandoffForm);
    const handoff = requestOf(request, form.link);
    if (form.answer === 'report') {
      const supportId = await report(handoff);
      ports.log('handoff-reported', { supportId });
      return messagePage(200, PAGES.reported, supportId);
    }
    const opened = await open(handoff);
    if ('open' in opened) return goToCapturePage(opened.open);
    const { handle, supportId, credential, expiresAt, now } = opened;
    ports.log('handoff-opened', { supportId, isLogin: credential === null });
    if (credential === null) return goToCapturePage(handle);
    return goToCapturePage(handle, [sessionCookie(handle, credential, expiresAt - now + COOKIE_GRACE_SECONDS)]);
  };
};

/** GET /s/device/{link} asks, POST /s/device opens or reports: pages for the device that a check was handed to. */
export const handoffPages = (ports: HandoffPagesPorts): HttpHandler => {
  const routes = { 'GET /s/device/{link}': ask(ports), 'POST /s/device': answer(ports) };
  return endpoint(ports.log, failure, (request) => {
    const run = routes[request.event.routeKey as keyof typeof routes];
    if (run === undefined) throw new Problem('not-found', 'no such route');
    return run(request);
  });
};
