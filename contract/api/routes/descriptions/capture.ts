import type { ENROLL_ROUTES, SESSION_ROUTES, VERIFY_ROUTES } from '../capture.ts';
import type { HANDOFF_NAVIGATIONS, LOGIN_NAVIGATIONS } from '../navigations.ts';
import type { Descriptions } from './description.ts';

const PREFETCH = 'To a browser that only prefetches';

export const LOGIN_NAVIGATION_DESCRIPTIONS: Descriptions<typeof LOGIN_NAVIGATIONS> = {
  openSession: {
    summary: 'Opens a capture session from the Action’s signed link',
    answers: { 204: PREFETCH, 303: 'To the capture page, with the session’s cookie' },
    problems: [],
  },
  returnToLogin: {
    summary: 'Hands the signed result over to Auth0, by a page with a self-submitting form',
    answers: { 200: 'The page', 204: PREFETCH, 303: 'Back to the capture page while the sign-in is open' },
    problems: [],
  },
};

export const HANDOFF_NAVIGATION_DESCRIPTIONS: Descriptions<typeof HANDOFF_NAVIGATIONS> = {
  showHandoff: {
    summary: 'Asks whoever opens a handoff link whether the sign-in is theirs; changes nothing',
    answers: { 200: 'The page', 204: PREFETCH, 303: 'To the capture page if this browser opened the link before' },
    problems: [],
  },
  openHandoff: {
    summary: 'Opens the handoff for this browser, or reports the sign-in; posted by the page’s own form',
    answers: { 200: 'Reported', 303: 'To the capture page, with the device’s cookie' },
    problems: [],
  },
};

export const SESSION_DESCRIPTIONS: Descriptions<typeof SESSION_ROUTES> = {
  readSession: {
    summary: 'What the capture page shows',
    answers: { 200: 'The sign-in as the page shows it' },
    problems: [],
  },
  endSession: {
    summary: 'Ends the sign-in without a face',
    answers: { 204: 'Ended' },
    problems: ['session-finished'],
  },
  releaseAttempt: {
    summary: 'Gives back a try whose camera part ended before a face was judged',
    answers: { 204: 'Given back, or there was nothing to give back' },
    problems: ['attempt-superseded'],
  },
  offerHandoff: {
    summary: 'Creates a link that lets another device run the check',
    answers: { 200: 'The link for a phone, or confirmation that it was sent by e-mail' },
    problems: ['session-finished', 'too-many-links', 'attempt-superseded', 'mail-not-sent'],
  },
  confirmCode: {
    summary: 'Takes the code of a check that passed on another device',
    answers: { 200: 'The sign-in is over, or another try is left' },
    problems: ['no-attempt', 'attempt-superseded'],
  },
};

const checkRoutes = (task: 'enroll' | 'verify') =>
  ({
    start: {
      summary: `Counts a try to ${task} and gives the browser one liveness session`,
      answers: { 200: 'Started, or the sign-in is over' },
      problems: ['wrong-task', 'other-device', 'consent-required', 'attempt-superseded'],
    },
    complete: {
      summary: `Judges the try to ${task}; repeating it gives the same answer`,
      answers: { 200: 'Another try is left, or the sign-in is over' },
      problems: ['wrong-task', 'no-attempt', 'attempt-superseded'],
    },
  }) as const;

export const ENROLL_DESCRIPTIONS: Descriptions<typeof ENROLL_ROUTES> = {
  startEnrollLiveness: checkRoutes('enroll').start,
  completeEnroll: checkRoutes('enroll').complete,
};

export const VERIFY_DESCRIPTIONS: Descriptions<typeof VERIFY_ROUTES> = {
  startVerifyLiveness: checkRoutes('verify').start,
  completeVerify: checkRoutes('verify').complete,
};
