import type { SessionView } from '../../contract/api/session.ts';
import type {
  CallFailure,
  CameraProblem,
  Event,
  EventName,
  EventOf,
  Notice,
  State,
  StateName,
  StateOf,
} from './states.ts';

type Handlers<Name extends StateName> = {
  readonly [Type in EventName]?: (state: StateOf<Name>, event: EventOf<Type>) => State;
};

const LOADING: State = { name: 'loading' };

const intro = (view: SessionView, notice: Notice | null = null, isStale = false): State => ({
  name: 'intro',
  view,
  notice,
  isStale,
});

const elsewhere = (view: SessionView, notice: Notice | null = null): State => ({
  name: 'elsewhere',
  view,
  link: null,
  notice,
  codeTriesLeft: null,
});

const ofView = (view: SessionView, notice: Notice | null = null): State => {
  if (view.state === 'finished') return { name: 'finished', view, outcome: view.outcome ?? 'unavailable' };
  const { handoff, role } = view;
  if (role === 'device') {
    // Reloaded while the code was shown: completing again returns it again.
    return handoff?.attempt == null ? intro(view, notice) : { name: 'checking', view, attempt: handoff.attempt };
  }
  const isUnderWay = handoff !== null && handoff.state !== 'offered' && !view.runsHere;
  const isOnPhone = handoff?.transport === 'qr' && handoff.state !== 'offered';
  return !view.runsHere || isUnderWay || isOnPhone ? elsewhere(view) : intro(view, notice);
};

const failed = (
  view: SessionView | null,
  { failure, supportId }: Pick<EventOf<'call-failed'>, 'failure' | 'supportId'>,
  again: StateOf<'checking'> | null = null,
): State => ({ name: 'failed', failure, supportId: supportId ?? view?.supportId ?? null, view, again });

const OFFLINE = { failure: 'offline', supportId: null } as const;
const NOT_LOADED = { failure: 'not-loaded', supportId: null } as const;
const callNotice = (failure: CallFailure): Notice => ({ kind: 'call', failure });
/** @param isStale true if a check had been started: the service knows how many attempts are left */
const camera = (view: SessionView, problem: CameraProblem, isStale: boolean): State =>
  intro(view, { kind: 'camera', problem }, isStale);

/** Transient failures: the call may be repeated on the same page. */
const PASSING: readonly CallFailure[] = ['unavailable', 'offline'];
/** The same for a browser that waits for another device and polls. */
const WAITABLE: readonly CallFailure[] = [
  ...PASSING,
  'internal-error',
  'no-attempt',
  'too-many-links',
  'mail-not-sent',
  'attempt-superseded',
];

const afterStart = (state: StateOf<'starting'>, event: Pick<EventOf<'call-failed'>, 'failure' | 'supportId'>): State =>
  PASSING.includes(event.failure) ? intro(state.view, callNotice(event.failure), true) : failed(state.view, event);

const afterCheck = (
  state: StateOf<'checking'>,
  event: Pick<EventOf<'call-failed'>, 'failure' | 'supportId'>,
): State => {
  if (event.failure === 'no-attempt') return intro(state.view, callNotice(event.failure), true);
  // Repeating it returns the same answer and needs no attempt.
  return failed(state.view, event, PASSING.includes(event.failure) ? state : null);
};

const finished = (state: { readonly view: SessionView }, { outcome, lockedUntil }: EventOf<'ended'>): State => ({
  name: 'finished',
  view: { ...state.view, lockedUntil },
  outcome,
});

const ending = (state: { readonly view: SessionView }, { reason }: EventOf<'end-pressed'>): State => ({
  name: 'ending',
  view: state.view,
  reason,
});

/** The transition of each state for each event. Events that are not listed change nothing: late answers, double presses. */
const TABLE: { readonly [Name in StateName]: Handlers<Name> } = {
  loading: {
    loaded: (_state, { view }) => ofView(view),
    'call-failed': (_state, event) => failed(null, event),
    'time-over': () => failed(null, OFFLINE),
  },
  intro: {
    'start-pressed': (state) => (state.view.attemptsLeft > 0 ? { name: 'asking', view: state.view } : state),
    'hand-over-pressed': (state) => (state.view.handoffBy === null ? state : elsewhere(state.view)),
    'end-pressed': ending,
    loaded: (state, { view }) => (state.isStale ? ofView(view, state.notice) : state),
    'call-failed': (state) => (state.isStale ? { ...state, isStale: false } : state),
    'time-over': () => LOADING,
  },
  asking: {
    'camera-ready': ({ view }) => ({ name: 'preparing', view }),
    'camera-failed': ({ view }, { problem }) => camera(view, problem, false),
    'back-pressed': ({ view }) => intro(view),
    'end-pressed': ending,
    'time-over': ({ view }) => camera(view, 'unanswered', false),
  },
  preparing: {
    'script-ready': ({ view }) => ({ name: 'starting', view }),
    'call-failed': ({ view }, event) => failed(view, event),
    'back-pressed': ({ view }) => intro(view),
    'end-pressed': ending,
    'time-over': ({ view }) => failed(view, NOT_LOADED),
  },
  starting: {
    started: (state, { started }) => ({
      name: 'capturing',
      started,
      view: { ...state.view, consent: null },
    }),
    ended: finished,
    'call-failed': afterStart,
    'time-over': (state) => afterStart(state, OFFLINE),
  },
  capturing: {
    'capture-done': ({ view, started }) => ({ name: 'checking', view, attempt: started.attempt }),
    'camera-failed': ({ view }, { problem }) => camera(view, problem, true),
    'time-over': ({ view }) => camera(view, 'timeout', true),
  },
  checking: {
    'code-given': ({ view }, { code, secondsLeft }) => ({ name: 'showing-code', view, code, secondsLeft }),
    'try-again': ({ view }, { outcome, hints, attemptsLeft }) =>
      intro({ ...view, attemptsLeft }, { kind: 'again', outcome, hints }),
    ended: finished,
    'call-failed': afterCheck,
    'time-over': (state) => afterCheck(state, OFFLINE),
  },
  elsewhere: {
    loaded: (state, { view }) => {
      if (view.state === 'finished') return ofView(view);
      // The connection is back, and nothing that the user typed or sees is lost.
      const isBack = state.notice?.kind === 'call' && state.notice.failure === 'offline';
      return { ...state, view, notice: isBack ? null : state.notice };
    },
    'link-made': (state, { link }) => ({ ...state, link, notice: null, codeTriesLeft: null }),
    'code-wrong': (state, { triesLeft }) => ({ ...state, codeTriesLeft: triesLeft, notice: null }),
    'stay-pressed': (state) => (state.view.runsHere ? intro(state.view) : state),
    'end-pressed': ending,
    'call-failed': (state, event) =>
      WAITABLE.includes(event.failure) ? { ...state, notice: callNotice(event.failure) } : failed(state.view, event),
    'time-over': () => LOADING,
  },
  'showing-code': {
    loaded: (state, { view }) => (view.state === 'finished' ? ofView(view) : state),
    'reload-pressed': () => LOADING,
  },
  ending: {
    ended: finished,
    'call-failed': (state, event) => (event.failure === 'session-finished' ? LOADING : failed(state.view, event)),
    'time-over': (state) => failed(state.view, OFFLINE),
  },
  finished: {},
  failed: {
    'reload-pressed': ({ again }) => again ?? LOADING,
    'end-pressed': (state, event) => (state.view === null ? state : ending({ view: state.view }, event)),
  },
};

/** The next state; see `TABLE`. */
export const next = (state: State, event: Event): State => {
  if (event.type === 'page-shown') return LOADING;
  const run = TABLE[state.name][event.type] as ((state: State, event: Event) => State) | undefined;
  return run === undefined ? state : run(state, event);
};
