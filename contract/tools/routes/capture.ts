import * as z from 'zod';
import {
  CompleteRequest,
  CompleteResponse,
  StartLivenessRequest,
  StartLivenessResponse,
} from '../../api/face-check.ts';
import {
  ConfirmCodeRequest,
  ConfirmCodeResponse,
  HANDOFF_LINK_MAX_LENGTH,
  HandoffForm,
  OfferHandoffRequest,
  OfferHandoffResponse,
} from '../../api/handoff.ts';
import { SESSION_HANDLE_PATTERN } from '../../api/routes.ts';
import { EndSessionRequest, ReleaseAttemptRequest, SessionView } from '../../api/session.ts';
import { SESSION_TOKEN_MAX_LENGTH, STATE_MAX_LENGTH } from '../../protocol/session-token.ts';
import { OneIntegration, type RouteDescription } from './route-description.ts';

/** Named, so that the document says each once. */
const Started = StartLivenessResponse.meta({ id: 'StartedLiveness' });
const Completed = CompleteResponse.meta({ id: 'CompletedCheck' });

const checkRoutes = (task: 'enroll' | 'verify') =>
  ({
    start: {
      summary: `Counts a try to ${task} and gives the browser one liveness session`,
      body: StartLivenessRequest,
      answer: { status: '200', description: 'Started, or the sign-in is over', schema: Started },
      problems: ['wrong-task', 'other-device', 'consent-required', 'attempt-superseded'],
    },
    complete: {
      summary: `Judges the try to ${task}; repeating it gives the same answer`,
      body: CompleteRequest,
      answer: { status: '200', description: 'Another try is left, or the sign-in is over', schema: Completed },
      problems: ['wrong-task', 'no-attempt', 'attempt-superseded'],
    },
  }) as const;

export const CAPTURE_DESCRIPTIONS = {
  openSession: {
    summary: 'Opens the capture session that a signed link of the Action asks for',
    path: OneIntegration,
    query: z.object({
      session_token: z.string().max(SESSION_TOKEN_MAX_LENGTH).meta({ description: 'JWT of the Action; works once' }),
      state: z.string().max(STATE_MAX_LENGTH).meta({ description: 'Auth0’s state, given back unchanged' }),
    }),
    answer: { status: '303', description: 'To the capture page, with the session’s cookie' },
    problems: [],
  },
  returnToLogin: {
    summary: 'Hands the signed result over to Auth0, by a page whose form posts itself',
    path: z.object({ handle: z.string().regex(SESSION_HANDLE_PATTERN) }),
    answer: { status: '200', description: 'The page; 303 back to the capture page while the sign-in is open' },
    problems: [],
  },
  showHandoff: {
    summary: 'Asks whoever opens a link to another device whether the sign-in is theirs; changes nothing',
    path: z.object({ link: z.string().max(HANDOFF_LINK_MAX_LENGTH).meta({ description: 'Works once, for minutes' }) }),
    answer: { status: '200', description: 'The page; 303 to the capture page where this browser opened it before' },
    problems: [],
  },
  openHandoff: {
    summary: 'Opens that link for this browser, or reports the sign-in; posted by the page’s own form',
    form: HandoffForm,
    answer: { status: '303', description: 'To the capture page, with the device’s cookie' },
    problems: [],
  },
  offerHandoff: {
    summary: 'Makes a link by which another device may run the check',
    body: OfferHandoffRequest,
    answer: { status: '200', description: 'The link for a phone, or sent by e-mail', schema: OfferHandoffResponse },
    problems: ['session-finished', 'too-many-links', 'attempt-superseded'],
  },
  confirmCode: {
    summary: 'Takes the code of a check that passed on another device',
    body: ConfirmCodeRequest,
    answer: { status: '200', description: 'The sign-in is over, or another try is left', schema: ConfirmCodeResponse },
    problems: ['no-attempt', 'attempt-superseded'],
  },
  readSession: {
    summary: 'What the capture page shows',
    answer: { status: '200', description: 'The sign-in as the page may know it', schema: SessionView },
    problems: [],
  },
  endSession: {
    summary: 'Ends the sign-in without a face',
    body: EndSessionRequest,
    answer: { status: '204', description: 'Ended' },
    problems: ['session-finished'],
  },
  releaseAttempt: {
    summary: 'Gives a try back whose camera part ended before a face was judged',
    body: ReleaseAttemptRequest,
    answer: { status: '204', description: 'Given back, or there was nothing to give back' },
    problems: ['attempt-superseded'],
  },
  startEnrollLiveness: checkRoutes('enroll').start,
  completeEnroll: checkRoutes('enroll').complete,
  startVerifyLiveness: checkRoutes('verify').start,
  completeVerify: checkRoutes('verify').complete,
} as const satisfies Readonly<Record<string, RouteDescription>>;
