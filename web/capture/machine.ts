import type { StartLivenessResponse } from '../../contract/api/face-check.ts';
import type { PublicOutcome } from '../../contract/api/outcome.ts';
import type { PortalProblemCode, ProblemCode } from '../../contract/api/problems.ts';
import type { Hint, SessionView } from '../../contract/api/session.ts';

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
  /** The check runs on another device, and this browser waits for it and its code. */
  | {
      readonly name: 'elsewhere';
      readonly view: SessionView;
      /** For the phone's camera; null: sent by e-mail, or not made yet. */
      readonly link: string | null;
      readonly notice: Notice | null;
      /** After a wrong code. */
      readonly codeTriesLeft: number | null;
    }
  /** The check passed on this device: the person carries the code to the browser that signs in. */
  | { readonly name: 'showing-code'; readonly view: SessionView; readonly code: string; readonly secondsLeft: number }
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
  | { readonly type: 'hand-over-pressed' }
  | { readonly type: 'stay-pressed' }
  | { readonly type: 'link-made'; readonly link: string | null }
  | { readonly type: 'code-wrong'; readonly triesLeft: number }
  | { readonly type: 'code-given'; readonly code: string; readonly secondsLeft: number }
  | { readonly type: 'end-pressed' }
  | { readonly type: 'call-failed'; readonly failure: CallFailure; readonly supportId: string | null }
  | { readonly type: 'reload-pressed' };

const elsewhere = (view: SessionView, notice: Notice | null = null): State => ({
  name: 'elsewhere',
  view,
  link: null,
  notice,
  codeTriesLeft: null,
});

const ofView = (view: SessionView, notice: Notice | null): State => {
  if (view.state === 'finished' && view.outcome !== null) return { name: 'finished', view, outcome: view.outcome };
  const { handoff, role } = view;
  if (role === 'device') {
    // Reloaded while the code was shown: asking again shows it again.
    return handoff?.attempt == null
      ? { name: 'intro', view, notice }
      : { name: 'checking', view, attempt: handoff.attempt };
  }
  const isUnderWay = handoff !== null && handoff.state !== 'offered' && !view.runsHere;
  const isOnPhone = handoff?.transport === 'qr' && handoff.state !== 'offered';
  return !view.runsHere || isUnderWay || isOnPhone ? elsewhere(view) : { name: 'intro', view, notice };
};

/** What is read again and again while another device has the check: nothing that the person typed or sees is lost. */
const waited = (state: Extract<State, { name: 'elsewhere' }>, view: SessionView): State =>
  view.state === 'finished' ? ofView(view, null) : { ...state, view };

/** Failures after which the person may simply try again on the same page. */
const RETRYABLE: readonly CallFailure[] = ['unavailable', 'offline', 'internal-error', 'no-attempt'];
/** The same for a browser that waits for another device. */
const WAITABLE: readonly CallFailure[] = [...RETRYABLE, 'too-many-links', 'attempt-superseded'];

const afterFailure = (state: State, failure: CallFailure, supportId: string | null): State => {
  if (state.name === 'elsewhere' && WAITABLE.includes(failure)) {
    return { ...state, notice: { kind: 'call', failure } };
  }
  if ('view' in state && RETRYABLE.includes(failure)) {
    return { name: 'intro', view: state.view, notice: { kind: 'call', failure } };
  }
  return { name: 'failed', failure, supportId: supportId ?? ('view' in state ? state.view.supportId : null) };
};

const nextElsewhere = (state: Extract<State, { name: 'elsewhere' }>, event: Event): State => {
  switch (event.type) {
    case 'loaded':
      return waited(state, event.view);
    case 'link-made':
      return { ...state, link: event.link, notice: null, codeTriesLeft: null };
    case 'code-wrong':
      return { ...state, codeTriesLeft: event.triesLeft, notice: null };
    case 'stay-pressed':
      return state.view.runsHere ? { name: 'intro', view: state.view, notice: null } : state;
    case 'end-pressed':
      return { name: 'ending', view: state.view };
    default:
      return state;
  }
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
      if (event.type === 'hand-over-pressed' && state.view.handoffBy !== null) return elsewhere(state.view);
      return event.type === 'loaded' ? ofView(event.view, state.notice) : state;
    case 'elsewhere':
      return nextElsewhere(state, event);
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
      if (event.type === 'code-given') {
        return { name: 'showing-code', view: state.view, code: event.code, secondsLeft: event.secondsLeft };
      }
      if (event.type !== 'try-again') return state;
      return {
        name: 'intro',
        view: { ...state.view, attemptsLeft: event.attemptsLeft },
        notice: { kind: 'again', outcome: event.outcome, hints: event.hints },
      };
    case 'showing-code':
      return event.type === 'loaded' && event.view.state === 'finished' ? ofView(event.view, null) : state;
    default:
      return state;
  }
};
