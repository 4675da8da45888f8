import { SESSION_ROUTES } from '../../../contract/api/routes/capture.ts';
import { LOGIN_NAVIGATIONS } from '../../../contract/api/routes/navigations.ts';
import { SESSION_HANDLE_PATTERN } from '../../../contract/api/session-handle.ts';
import { RESULT_TOKEN_PARAMETER } from '../../../contract/protocol/result-token.ts';
import { SESSION_TOKEN_PARAMETER, STATE_PARAMETER } from '../../../contract/protocol/session-token.ts';
import { type ConfirmCodePorts, confirmCode } from '../../core/handoff/confirm-code.ts';
import { type OfferHandoffPorts, offerHandoff } from '../../core/handoff/offer-handoff.ts';
import { describeSession } from '../../core/login/describe-session.ts';
import { endSession, releaseAttempt } from '../../core/login/end-session.ts';
import { type OpenSessionPorts, openSession } from '../../core/login/open-session.ts';
import { type ReturnResultPorts, returnResult } from '../../core/login/return-result.ts';
import { Problem } from '../../core/model/problem.ts';
import type { FailureAnswer, HttpAnswer, HttpHandler, HttpRequest } from '../../http/endpoint.ts';
import { messagePage, returnPage } from '../../http/html-page.ts';
import { goToCapturePage, isPrefetch, PREFETCH_RESPONSE } from '../../http/navigation.ts';
import { navigationEndpoint } from '../../http/navigation-endpoint.ts';
import { type PageEndpointPorts, pageEndpoint } from '../../http/page-endpoint.ts';
import { parametersOf } from '../../http/request-text.ts';
import { COOKIE_GRACE_SECONDS, heldCredential, sessionCookie } from '../../http/session-cookie.ts';
import { PAGES } from '../../text/en.ts';
import { handoffPages } from './handoff-pages.ts';

export interface SessionEndpointPorts
  extends OpenSessionPorts,
    ReturnResultPorts,
    OfferHandoffPorts,
    ConfirmCodePorts,
    PageEndpointPorts {}

/** The parameters of a link's query; none if it cannot be read, so that it is a bad link like any other. */
const linkParameters = ({ event }: HttpRequest): Readonly<Record<string, string>> => {
  try {
    return parametersOf(event.rawQueryString);
  } catch {
    return {};
  }
};

const pageFailure: FailureAnswer = (code, supportId) => {
  if (code === 'session-not-found' || code === 'not-found') return messagePage(404, PAGES.notFound, supportId);
  if (code === 'session-finished') return messagePage(409, PAGES.finished, supportId);
  if (code === 'unavailable' || code === 'internal-error') return messagePage(503, PAGES.failed, supportId);
  return messagePage(400, PAGES.badLink, supportId);
};

const open = (ports: SessionEndpointPorts) => {
  const run = openSession(ports);
  return async (request: HttpRequest): Promise<HttpAnswer> => {
    if (isPrefetch(request)) return PREFETCH_RESPONSE;
    const parameters = linkParameters(request);
    const result = await run({
      integrationId: request.event.pathParameters?.['integrationId'] ?? '',
      token: parameters[SESSION_TOKEN_PARAMETER] ?? '',
      authState: parameters[STATE_PARAMETER] ?? '',
      callerIp: request.event.requestContext.http.sourceIp,
      heldCredential: (handle) => heldCredential(request, handle),
    });
    switch (result.kind) {
      case 'bad-link':
        ports.log('bad-link', { supportId: result.supportId, reason: result.reason });
        return messagePage(400, PAGES.badLink, result.supportId);
      case 'already-used':
        ports.log('already-used', { supportId: result.supportId });
        return messagePage(409, PAGES.alreadyUsed, result.supportId);
      case 'resumed':
        ports.log('session-resumed', { supportId: result.session.supportId });
        return goToCapturePage(result.handle);
      case 'opened': {
        const { session, handle, credential } = result;
        ports.log('session-opened', { supportId: session.supportId, task: session.task, outcome: session.outcome });
        const maxAge = session.expiresAt - session.openedAt + COOKIE_GRACE_SECONDS;
        return goToCapturePage(handle, [sessionCookie(handle, credential, maxAge)]);
      }
    }
  };
};

const returnToLogin = (ports: SessionEndpointPorts) => {
  const run = returnResult(ports);
  return async (request: HttpRequest): Promise<HttpAnswer> => {
    if (isPrefetch(request)) return PREFETCH_RESPONSE;
    const handle = request.event.pathParameters?.['handle'] ?? '';
    const credential = SESSION_HANDLE_PATTERN.test(handle) ? heldCredential(request, handle) : null;
    if (credential === null) throw new Problem('session-not-found', 'no cookie of this session');
    const returned = await run(credential);
    if (returned.kind === 'open') return goToCapturePage(handle);
    const { url, token, outcome, supportId } = returned;
    ports.log('result-handed-over', { supportId, outcome });
    return returnPage(url, RESULT_TOKEN_PARAMETER, token, supportId);
  };
};

/** Where Auth0 sends a browser, and where the page sends it back. */
const navigations = (ports: SessionEndpointPorts): HttpHandler =>
  navigationEndpoint(ports.log, pageFailure, LOGIN_NAVIGATIONS, {
    openSession: open(ports),
    returnToLogin: returnToLogin(ports),
  });

/** The calls of the page about its session. */
const calls = (ports: SessionEndpointPorts): HttpHandler => {
  const describe = describeSession(ports);
  const end = endSession(ports);
  const release = releaseAttempt(ports);
  const offer = offerHandoff(ports);
  const confirm = confirmCode(ports);
  return pageEndpoint(ports, SESSION_ROUTES, {
    readSession: (_input, { credential }) => describe(credential),
    endSession: async ({ body: { reason } }, { credential, request }) => {
      request.supportId = await end(credential, reason);
      ports.log('session-ended', { supportId: request.supportId, reason });
    },
    releaseAttempt: async ({ body: { attempt } }, { credential, request }) => {
      request.supportId = await release(credential, attempt);
      ports.log('attempt-released', { supportId: request.supportId, attempt });
    },
    offerHandoff: async ({ body: { transport } }, { credential, request }) => {
      const offered = await offer(credential, transport, (id) => {
        request.supportId = id;
      });
      ports.log('handoff-offered', { supportId: request.supportId, transport });
      return offered;
    },
    confirmCode: async ({ body: { code } }, { credential, request }) => {
      const answer = await confirm(credential, code, (id) => {
        request.supportId = id;
      });
      ports.log('handoff-code', { supportId: request.supportId, state: answer.state });
      return answer;
    },
  });
};

/** The whole HTTP contract of the session Lambda. */
export const sessionEndpoint = (ports: SessionEndpointPorts): HttpHandler => {
  const [navigate, handOff, call] = [navigations(ports), handoffPages(ports), calls(ports)];
  return (event, context) => {
    // By the route that the gateway chose: a path only looks like one.
    const [, path = ''] = event.routeKey.split(' ');
    if (path.startsWith('/api/')) return call(event, context);
    return (path.startsWith('/s/device') ? handOff : navigate)(event, context);
  };
};
