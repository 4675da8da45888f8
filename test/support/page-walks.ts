import { PublicOutcome } from '../../contract/api/outcome.ts';
import { next } from '../../web/capture/machine.ts';
import type { CallFailure, CameraProblem, Event, EventName, State, StateName } from '../../web/capture/states.ts';
import { en } from '../../web/capture/text/en.ts';
import { STARTED, VIEW } from './session-view.ts';

export const LOADING: State = { name: 'loading' };
const outcomes = PublicOutcome.options;
/** Why a call may fail. */
export const FAILURES = Object.keys(en.failures) as readonly CallFailure[];
const PROBLEMS = Object.keys(en.camera) as readonly CameraProblem[];

const HANDOFF = { transport: 'email', state: 'opened', otherNetwork: false, endsAt: null, attempt: null } as const;
export const ELSEWHERE = { ...VIEW, runsHere: false, handoffBy: 'email', handoff: HANDOFF } as const;
export const OPENED_HERE = { ...ELSEWHERE, runsHere: true } as const;
/** If it may be continued on a phone, and has not been yet. */
const BY_PHONE = { ...VIEW, handoffBy: 'qr' } as const;
const DEVICE = { ...VIEW, role: 'device', handoff: HANDOFF } as const;
export const DEVICE_PASSED = { ...DEVICE, handoff: { ...HANDOFF, state: 'passed', attempt: 2 } } as const;
export const SPENT = { ...VIEW, attemptsLeft: 0 } as const;
export const FINISHED = { ...VIEW, state: 'finished', outcome: 'verified' } as const;

/** Every kind of event, with what it may carry; the compiler notices a missing kind. */
export const EVENTS: { readonly [Name in EventName]: readonly Event[] } = {
  loaded: [
    ...[VIEW, ELSEWHERE, OPENED_HERE, BY_PHONE, DEVICE, DEVICE_PASSED, SPENT].map(
      (view) => ({ type: 'loaded', view }) as const,
    ),
    ...outcomes.map((ended) => ({ type: 'loaded', view: { ...FINISHED, outcome: ended } }) as const),
  ],
  'start-pressed': [{ type: 'start-pressed' }],
  'camera-ready': [{ type: 'camera-ready' }],
  'script-ready': [{ type: 'script-ready' }],
  'back-pressed': [{ type: 'back-pressed' }],
  started: [{ type: 'started', started: STARTED }],
  'capture-done': [{ type: 'capture-done' }],
  'camera-failed': PROBLEMS.map((problem) => ({ type: 'camera-failed', problem }) as const),
  'try-again': outcomes.flatMap((outcome) =>
    [0, 1, 2].map((attemptsLeft) => ({ type: 'try-again', outcome, hints: [], attemptsLeft }) as const),
  ),
  ended: outcomes.map((ended) => ({ type: 'ended', outcome: ended, lockedUntil: null }) as const),
  'hand-over-pressed': [{ type: 'hand-over-pressed' }],
  'stay-pressed': [{ type: 'stay-pressed' }],
  'link-made': [{ type: 'link-made', link: null }],
  'code-wrong': [{ type: 'code-wrong', triesLeft: 1 }],
  'code-given': [{ type: 'code-given', code: '012345', secondsLeft: 120 }],
  'end-pressed': [
    { type: 'end-pressed', reason: 'declined' },
    { type: 'end-pressed', reason: 'reported' },
  ],
  'call-failed': FAILURES.map((failure) => ({ type: 'call-failed', failure, supportId: null }) as const),
  'reload-pressed': [{ type: 'reload-pressed' }],
  'page-shown': [{ type: 'page-shown' }],
  'time-over': [{ type: 'time-over' }],
};

/** Every state on the way, including the first. */
export const walk = (given: readonly Event[]): readonly State[] => {
  const states: State[] = [LOADING];
  for (const event of given) states.push(next(states.at(-1) as State, event));
  return states;
};
export const reach = (...given: Event[]): State => walk(given).at(-1) as State;

/** Ways to each state, so that none is covered only by chance. */
const TO_STARTING: readonly Event[] = [
  { type: 'loaded', view: VIEW },
  { type: 'start-pressed' },
  { type: 'camera-ready' },
  { type: 'script-ready' },
];
export const TO_CAPTURING: readonly Event[] = [...TO_STARTING, { type: 'started', started: STARTED }];
export const TO_CHECKING: readonly Event[] = [...TO_CAPTURING, { type: 'capture-done' }];
export const WAYS: Readonly<Record<StateName, readonly Event[]>> = {
  loading: [],
  intro: TO_STARTING.slice(0, 1),
  asking: TO_STARTING.slice(0, 2),
  preparing: TO_STARTING.slice(0, 3),
  starting: TO_STARTING,
  capturing: TO_CAPTURING,
  checking: TO_CHECKING,
  elsewhere: [{ type: 'loaded', view: ELSEWHERE }],
  'showing-code': [
    { type: 'loaded', view: DEVICE_PASSED },
    { type: 'code-given', code: '012345', secondsLeft: 9 },
  ],
  ending: [
    { type: 'loaded', view: VIEW },
    { type: 'end-pressed', reason: 'declined' },
  ],
  finished: [{ type: 'loaded', view: FINISHED }],
  failed: [{ type: 'call-failed', failure: 'session-not-found', supportId: null }],
};
export const STATES = Object.keys(WAYS) as StateName[];
