import type { StartLivenessResponse } from '../../contract/api/face-check.ts';
import type { PublicOutcome } from '../../contract/api/outcome.ts';
import type { PortalProblemCode, ProblemCode } from '../../contract/api/problems.ts';
import type { Hint, SessionView } from '../../contract/api/session.ts';

export type Started = Extract<StartLivenessResponse, { state: 'started' }>;

/** Why the camera part of an attempt ended before a face was judged; each has its own text. */
export type CameraProblem =
  /** The user refused, or the browser remembers a refusal. */
  | 'denied'
  /** The user closed the prompt without an answer. */
  | 'dismissed'
  /** The operating system denies the camera to the browser. */
  | 'denied_by_system'
  /** The page is embedded in another page, or a policy of the organization forbids it. */
  | 'denied_by_policy'
  /** The prompt was never answered. */
  | 'unanswered'
  | 'missing'
  /** Another program uses the camera, or the device fails. */
  | 'busy'
  /** The browser aborted opening the camera. */
  | 'not_started'
  /** No camera has the resolution and frame rate that the check needs. */
  | 'unsuitable'
  | 'framerate'
  | 'timeout'
  | 'too_close'
  | 'several_faces'
  | 'landscape'
  /** The stream never started, or the service refused it. */
  | 'connection'
  | 'connection_lost'
  | 'not_supported'
  /** The user stopped it. */
  | 'stopped'
  | 'other';

/** Failures of a call: the service's problem code, or why the call did not arrive; `not-loaded`: a part of the page is missing. */
export type CallFailure = Exclude<ProblemCode, PortalProblemCode> | 'offline' | 'not-loaded';

/** What happened before, shown above the next attempt. */
export type Notice =
  | { readonly kind: 'camera'; readonly problem: CameraProblem }
  | { readonly kind: 'again'; readonly outcome: PublicOutcome; readonly hints: readonly Hint[] }
  | { readonly kind: 'call'; readonly failure: CallFailure };

interface States {
  loading: object;
  /** `isStale`: an attempt may have been counted since the session was read; it is read again. */
  intro: { readonly view: SessionView; readonly notice: Notice | null; readonly isStale: boolean };
  /** The browser asks the user for the camera. No attempt is counted and nothing billed yet. */
  asking: { readonly view: SessionView };
  /** The camera runs; the script of the check is loading. */
  preparing: { readonly view: SessionView };
  starting: { readonly view: SessionView };
  capturing: { readonly view: SessionView; readonly started: Started };
  checking: { readonly view: SessionView; readonly attempt: number };
  /** The check runs on another device, and this browser waits for it and its code. */
  elsewhere: {
    readonly view: SessionView;
    /** Link for the QR code; null: sent by e-mail, or not created yet. */
    readonly link: string | null;
    readonly notice: Notice | null;
    /** After a wrong code. */
    readonly codeTriesLeft: number | null;
  };
  /** The check passed on this device: the user enters the code in the browser that signs in. */
  'showing-code': { readonly view: SessionView; readonly code: string; readonly secondsLeft: number };
  ending: { readonly view: SessionView; readonly reason: EndReason };
  finished: { readonly view: SessionView; readonly outcome: PublicOutcome };
  /** `again`: the state to continue with after a retry; null: the session has to be read again. */
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
 * The page's states. The camera is on only from `asking` to `capturing`, and only Start leads there: pressed on a page that says
 * who asks, and after any consent. Only `starting` counts an attempt, when camera and script are ready.
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
  /** The page was restored from the browser's history. */
  'page-shown': object;
  /** The state's limit is over (`limitMs`). */
  'time-over': object;
}

export type EventName = keyof Events;
export type EventOf<Name extends EventName> = { readonly type: Name } & Events[Name];
export type Event = { [Name in EventName]: EventOf<Name> }[EventName];

/** States in which the camera may run; in all others every track is stopped. */
export const CAMERA_STATES: readonly StateName[] = ['asking', 'preparing', 'starting', 'capturing'];
