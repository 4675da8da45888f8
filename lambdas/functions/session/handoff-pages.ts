import { HANDOFF_NAVIGATIONS } from '../../../contract/api/routes/navigations.ts';
import {
  type HandoffRequest,
  type OpenHandoffPorts,
  openHandoff,
  readHandoff,
  reportHandoff,
} from '../../core/handoff/open-handoff.ts';
import type { Log } from '../../core/model/ports.ts';
import type { FailureAnswer, HttpHandler, HttpRequest } from '../../http/endpoint.ts';
import { messagePage, questionPage } from '../../http/html-page.ts';
import { goToCapturePage, isPrefetch, PREFETCH_RESPONSE } from '../../http/navigation.ts';
import { type NavigationHandlers, navigationEndpoint } from '../../http/navigation-endpoint.ts';
import { COOKIE_GRACE_SECONDS, heldCredential, sessionCookie } from '../../http/session-cookie.ts';
import { PAGES } from '../../text/en.ts';

export interface HandoffPagesPorts extends OpenHandoffPorts {
  readonly log: Log;
}

type Handlers = NavigationHandlers<typeof HANDOFF_NAVIGATIONS>;

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

const ask = (ports: HandoffPagesPorts): Handlers['showHandoff'] => {
  const read = readHandoff(ports);
  return async (request) => {
    if (isPrefetch(request)) return PREFETCH_RESPONSE;
    const link = request.event.pathParameters?.['link'] ?? '';
    const question = await read(requestOf(request, link));
    if ('open' in question) return goToCapturePage(question.open);
    request.supportId = question.supportId;
    return questionPage(question, { action: HANDOFF_NAVIGATIONS.openHandoff.path, fields: { link } });
  };
};

const answer = (ports: HandoffPagesPorts): Handlers['openHandoff'] => {
  const open = openHandoff(ports);
  const report = reportHandoff(ports);
  return async (request, form) => {
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

/** Pages for the device that a check was handed off to: one asks, the other opens or reports. */
export const handoffPages = (ports: HandoffPagesPorts): HttpHandler =>
  navigationEndpoint(ports.log, failure, HANDOFF_NAVIGATIONS, { showHandoff: ask(ports), openHandoff: answer(ports) });
