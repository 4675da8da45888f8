import type { StartLivenessResponse } from '../../contract/api/face-check.ts';
import type { PublicOutcome } from '../../contract/api/outcome.ts';
import type { PortalProblemCode, ProblemCode } from '../../contract/api/problems.ts';
import type { Hint, SessionView } from '../../contract/api/session.ts';

export type Started = Extract<StartLivenessResponse, { state: 'started' }>;

/** Why the camera part of a try ended before a face was judged; each has words of its own. */
export type CameraProblem =
  /** The person refused, or the browser remembers that. */
  | 'denied'
  /** The person closed the question without an answer. */
  | 'dismissed'
  /** The operating system keeps the camera from the browser. */
  | 'denied_by_system'
  /** The page stands in another page, or a policy of the organisation forbids it. */
  | 'denied_by_policy'
  /** The question was never answered. */
  | 'unanswered'
  | 'missing'
  /** Another program has it, or the device fails. */
  | 'busy'
  /** It began to start and gave up. */
  | 'not_started'
  /** None has the size and rate that the check needs. */
  | 'unsuitable'
  | 'framerate'
  | 'timeout'
  | 'too_close'
  | 'several_faces'
  | 'landscape'
  /** The stream never began, or the service refused it. */
  | 'connection'
  | 'connection_lost'
  | 'not_supported'
  /** The person stopped it. */
  | 'stopped'
  | 'other';

/** Failures of a call: the service's problem code, or what kept the call from arriving; `not-loaded`: a part of the page is missing. */
export type CallFailure = Exclude<ProblemCode, PortalProblemCode> | 'offline' | 'not-loaded';

/** What went before, shown above the next try. */
export type Notice =
  | { readonly kind: 'camera'; readonly problem: CameraProblem }
  | { readonly kind: 'again'; readonly outcome: PublicOutcome; readonly hints: readonly Hint[] }
  | { readonly kind: 'call'; readonly failure: CallFailure };

interface States {
  loading: object;
  /** `isStale`: a try may have been counted since the session was read; it is read again. */
  intro: { readonly view: SessionView; readonly notice: Notice | null; readonly isStale: boolean };
  /** The browser asks the person for the camera. Nothing is counted yet, and nothing paid. */
  asking: { readonly view: SessionView };
  /** The camera runs; the script of the check is on its way. */
  preparing: { readonly view: SessionView };
  starting: { readonly view: SessionView };
  capturing: { readonly view: SessionView; readonly started: Started };
  checking: { readonly view: SessionView; readonly attempt: number };
  /** The check runs on another device, and this browser waits for it and its code. */
  elsewhere: {
    readonly view: SessionView;
    /** For the phone's camera; null: sent by e-mail, or not made yet. */
    readonly link: string | null;
    readonly notice: Notice | null;
    /** After a wrong code. */
    readonly codeTriesLeft: number | null;
  };
  /** The check passed on this device: the person carries the code to the browser that signs in. */
  'showing-code': { readonly view: SessionView; readonly code: string; readonly secondsLeft: number };
  ending: { readonly view: SessionView; readonly reason: EndReason };
  finished: { readonly view: SessionView; readonly outcome: PublicOutcome };
  /** `again`: where pressing goes on without reading the page anew; null: the page has to be loaded again. */
  failed: {
    readonly failure: CallFailure;
    readonly supportId: string | null;
    readonly view: SessionView | null;
    readonly again: StateOf<'checking'> | null;
  };
}

export type EndReason = 'declined' | 'reported' | 'unavailable';
export type StateName = keyof States;
/**
 * The page's states. The camera exists from `asking` to `capturing` alone, and only Start leads there: pressed on a page that said
 * who asks, and after any consent. A try is counted by `starting` alone, when camera and script are there.
 */
export type StateOf<Name extends StateName> = { readonly name: Name } & States[Name];
export type State = { [Name in StateName]: StateOf<Name> }[StateName];

interface Events {
  loaded: { readonly view: SessionView };
  'start-pressed': object;
  'camera-ready': object;
  'script-ready': object;
  'back-pressed': object;
  started: { readonly started: Started };
  'capture-done': object;
  'camera-failed': { readonly problem: CameraProblem };
  'try-again': { readonly outcome: PublicOutcome; readonly hints: readonly Hint[]; readonly attemptsLeft: number };
  ended: { readonly outcome: PublicOutcome; readonly lockedUntil: number | null };
  'hand-over-pressed': object;
  'stay-pressed': object;
  'link-made': { readonly link: string | null };
  'code-wrong': { readonly triesLeft: number };
  'code-given': { readonly code: string; readonly secondsLeft: number };
  'end-pressed': { readonly reason: EndReason };
  'call-failed': { readonly failure: CallFailure; readonly supportId: string | null };
  'reload-pressed': object;
  /** The page came back from the browser's history. */
  'page-shown': object;
  /** The state's limit is over (`limitMs`). */
  'time-over': object;
}

export type EventName = keyof Events;
export type EventOf<Name extends EventName> = { readonly type: Name } & Events[Name];
export type Event = { [Name in EventName]: EventOf<Name> }[EventName];

/** Where the camera may run; everywhere else every track is ended. */
export const CAMERA_STATES: readonly StateName[] = ['asking', 'preparing', 'starting', 'capturing'];
