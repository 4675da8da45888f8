import { CompleteRequest, CompleteResponse, StartLivenessRequest, StartLivenessResponse } from '../face-check.ts';
import { ConfirmCodeRequest, ConfirmCodeResponse, OfferHandoffRequest, OfferHandoffResponse } from '../handoff.ts';
import { EndSessionRequest, ReleaseAttemptRequest, SessionView } from '../session.ts';
import type { CallRoute, RouteTable } from './definition.ts';

// The calls of the capture page, which makes all of them.

export const SESSION_ROUTES = {
  readSession: { method: 'GET', path: '/api/session', answers: { 200: SessionView } },
  endSession: { method: 'POST', path: '/api/session/end', body: EndSessionRequest, answers: { 204: 'empty' } },
  releaseAttempt: {
    method: 'POST',
    path: '/api/session/release',
    body: ReleaseAttemptRequest,
    answers: { 204: 'empty' },
  },
  offerHandoff: {
    method: 'POST',
    path: '/api/session/handoff',
    body: OfferHandoffRequest,
    answers: { 200: OfferHandoffResponse },
  },
  confirmCode: {
    method: 'POST',
    path: '/api/session/code',
    body: ConfirmCodeRequest,
    answers: { 200: ConfirmCodeResponse },
  },
} as const satisfies RouteTable<CallRoute>;

const START = { method: 'POST', body: StartLivenessRequest, answers: { 200: StartLivenessResponse } } as const;
const COMPLETE = { method: 'POST', body: CompleteRequest, answers: { 200: CompleteResponse } } as const;

/** Enrolling and verifying are two Lambdas with different IAM permissions and one contract. */
export const ENROLL_ROUTES = {
  startEnrollLiveness: { path: '/api/enroll/liveness', ...START },
  completeEnroll: { path: '/api/enroll/complete', ...COMPLETE },
} as const satisfies RouteTable<CallRoute>;

export const VERIFY_ROUTES = {
  startVerifyLiveness: { path: '/api/verify/liveness', ...START },
  completeVerify: { path: '/api/verify/complete', ...COMPLETE },
} as const satisfies RouteTable<CallRoute>;
