import type { StartLivenessResponse } from '../../contract/api/face-check.ts';
import type { PortalProblemCode, ProblemCode } from '../../contract/api/problems.ts';
import type { Hint, PublicOutcome, SessionView } from '../../contract/api/session.ts';

export type Started = Extract<StartLivenessResponse, { state: 'started' }>;

/** Why the camera part of a try ended before a face was judged. */
export type CameraProblem =
  | 'denied'
  | 'missing'
  | 'framerate'
  | 'timeout'
  | 'too_close'
  | 'several_faces'
  | 'landscape'
  | 'connection'
  | 'not_supported'
  | 'other';

/** Failures of a call: the service's problem code, or what kept the call from arriving. */
export type CallFailure = Exclude<ProblemCode, PortalProblemCode> | 'offline';

/**
 * The page's states. The camera exists in `capturing` alone, and only `starting` leads there: after the person pressed Start on
 * a page that said who asks, and after any consent.
 */
export type State =
  | { readonly name: 'loading' }
  | { readonly name: 'intro'; readonly view: SessionView; readonly notice: Notice | null }
  | { readonly name: 'starting'; readonly view: SessionView }
  | { readonly name: 'capturing'; readonly view: SessionView; readonly started: Started }
  | { readonly name: 'checking'; readonly view: SessionView; readonly attempt: number }
  | { readonly name: 'ending'; readonly view: SessionView }
  | { readonly name: 'finished'; readonly view: SessionView; readonly outcome: PublicOutcome }
  | { readonly name: 'failed'; readonly failure: CallFailure; readonly supportId: string | null };

/** What went before, shown above the next try. */
export type Notice =
  | { readonly kind: 'camera'; readonly problem: CameraProblem }
  | { readonly kind: 'again'; readonly outcome: PublicOutcome; readonly hints: readonly Hint[] }
  | { readonly kind: 'call'; readonly failure: CallFailure };

export type Event =
  | { readonly type: 'loaded'; readonly view: SessionView }
  | { readonly type: 'start-pressed' }
  | { readonly type: 'started'; readonly started: Started }
  | { readonly type: 'capture-done' }
  | { readonly type: 'camera-failed'; readonly problem: CameraProblem }
  | {
      readonly type: 'try-again';
      readonly outcome: PublicOutcome;
      readonly hints: readonly Hint[];
      readonly attemptsLeft: number;
    }
  | { readonly type: 'ended'; readonly outcome: PublicOutcome; readonly lockedUntil: number | null }
  | { readonly type: 'end-pressed' }
  | { readonly type: 'call-failed'; readonly failure: CallFailure; readonly supportId: string | null }
  | { readonly type: 'reload-pressed' };

const ofView = (view: SessionView, notice: Notice | null): State =>
  view.state === 'finished' && view.outcome !== null
    ? { name: 'finished', view, outcome: view.outcome }
    : { name: 'intro', view, notice };

/** Failures after which the person may simply try again on the same page. */
const RETRYABLE: readonly CallFailure[] = ['unavailable', 'offline', 'internal-error', 'no-attempt'];

const afterFailure = (state: State, failure: CallFailure, supportId: string | null): State => {
  if ('view' in state && RETRYABLE.includes(failure)) {
    return { name: 'intro', view: state.view, notice: { kind: 'call', failure } };
  }
  return { name: 'failed', failure, supportId: supportId ?? ('view' in state ? state.view.supportId : null) };
};

/** The next state. An event that does not belong to a state leaves it as it is: late answers and double events change nothing. */
export const next = (state: State, event: Event): State => {
  if (event.type === 'reload-pressed') return { name: 'loading' };
  if (event.type === 'call-failed' && state.name !== 'finished')
    return afterFailure(state, event.failure, event.supportId);
  if (event.type === 'ended' && 'view' in state) {
    const view = { ...state.view, lockedUntil: event.lockedUntil };
    return { name: 'finished', view, outcome: event.outcome };
  }
  switch (state.name) {
    case 'loading':
      return event.type === 'loaded' ? ofView(event.view, null) : state;
    case 'intro':
      if (event.type === 'start-pressed') return { name: 'starting', view: state.view };
      if (event.type === 'end-pressed') return { name: 'ending', view: state.view };
      return event.type === 'loaded' ? ofView(event.view, state.notice) : state;
    case 'starting':
      if (event.type !== 'started') return state;
      return {
        name: 'capturing',
        started: event.started,
        view: { ...state.view, consent: null, attemptsLeft: event.started.attemptsLeft },
      };
    case 'capturing':
      if (event.type === 'capture-done') return { name: 'checking', view: state.view, attempt: state.started.attempt };
      if (event.type === 'camera-failed') {
        return { name: 'intro', view: state.view, notice: { kind: 'camera', problem: event.problem } };
      }
      return state;
    case 'checking':
      if (event.type !== 'try-again') return state;
      return {
        name: 'intro',
        view: { ...state.view, attemptsLeft: event.attemptsLeft },
        notice: { kind: 'again', outcome: event.outcome, hints: event.hints },
      };
    default:
      return state;
  }
};
