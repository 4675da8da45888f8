import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PublicOutcome } from '../../../contract/api/outcome.ts';
import { limitMs } from '../../../web/capture/limits.ts';
import { next } from '../../../web/capture/machine.ts';
import {
  CAMERA_STATES,
  type CallFailure,
  type CameraProblem,
  type Event,
  type EventName,
  type State,
  type StateName,
} from '../../../web/capture/states.ts';
import { en } from '../../../web/capture/text/en.ts';
import { STARTED, VIEW } from '../../support/session-view.ts';

const LOADING: State = { name: 'loading' };
const outcome = fc.constantFrom(...PublicOutcome.options);
const failure = fc.constantFrom(...(Object.keys(en.failures) as CallFailure[]));
const problem = fc.constantFrom(...(Object.keys(en.camera) as CameraProblem[]));

const HANDOFF = { transport: 'email', state: 'opened', otherNetwork: false, endsAt: null, attempt: null } as const;
const ELSEWHERE = { ...VIEW, runsHere: false, handoffBy: 'email', handoff: HANDOFF } as const;
const OPENED_HERE = { ...ELSEWHERE, runsHere: true } as const;
const DEVICE = { ...VIEW, role: 'device', handoff: HANDOFF } as const;
const DEVICE_PASSED = { ...DEVICE, handoff: { ...HANDOFF, state: 'passed', attempt: 2 } } as const;
const SPENT = { ...VIEW, attemptsLeft: 0 } as const;
const FINISHED = { ...VIEW, state: 'finished', outcome: 'verified' } as const;

const just = (...events: Event[]): fc.Arbitrary<Event> => fc.constantFrom(...events);
/** Every kind of event; the compiler misses one that is missing. */
const EVENTS: { readonly [Name in EventName]: fc.Arbitrary<Event> } = {
  loaded: fc.oneof(
    just(
      ...[VIEW, ELSEWHERE, OPENED_HERE, DEVICE, DEVICE_PASSED, SPENT].map(
        (view) => ({ type: 'loaded', view }) as const,
      ),
    ),
    outcome.map((ended) => ({ type: 'loaded', view: { ...FINISHED, outcome: ended } }) as const),
  ),
  'start-pressed': just({ type: 'start-pressed' }),
  'camera-ready': just({ type: 'camera-ready' }),
  'script-ready': just({ type: 'script-ready' }),
  'back-pressed': just({ type: 'back-pressed' }),
  started: just({ type: 'started', started: STARTED }),
  'capture-done': just({ type: 'capture-done' }),
  'camera-failed': problem.map((what) => ({ type: 'camera-failed', problem: what }) as const),
  'try-again': fc
    .tuple(outcome, fc.integer({ min: 0, max: 2 }))
    .map(([judged, attemptsLeft]) => ({ type: 'try-again', outcome: judged, hints: [], attemptsLeft }) as const),
  ended: outcome.map((ended) => ({ type: 'ended', outcome: ended, lockedUntil: null }) as const),
  'hand-over-pressed': just({ type: 'hand-over-pressed' }),
  'stay-pressed': just({ type: 'stay-pressed' }),
  'link-made': just({ type: 'link-made', link: null }),
  'code-wrong': just({ type: 'code-wrong', triesLeft: 1 }),
  'code-given': just({ type: 'code-given', code: '012345', secondsLeft: 120 }),
  'end-pressed': just({ type: 'end-pressed', reason: 'declined' }, { type: 'end-pressed', reason: 'reported' }),
  'call-failed': failure.map((code) => ({ type: 'call-failed', failure: code, supportId: null }) as const),
  'reload-pressed': just({ type: 'reload-pressed' }),
  'page-shown': just({ type: 'page-shown' }),
  'time-over': just({ type: 'time-over' }),
};
const anEvent: fc.Arbitrary<Event> = fc.oneof(...Object.values(EVENTS));
const events = fc.array(anEvent, { maxLength: 60 });

/** Every state on the way, the first one included. */
const walk = (given: readonly Event[]): readonly State[] => {
  const states: State[] = [LOADING];
  for (const event of given) states.push(next(states.at(-1) as State, event));
  return states;
};
const reach = (...given: Event[]): State => walk(given).at(-1) as State;

/** Ways to each state, so that none is looked at by chance alone. */
const TO_STARTING: readonly Event[] = [
  { type: 'loaded', view: VIEW },
  { type: 'start-pressed' },
  { type: 'camera-ready' },
  { type: 'script-ready' },
];
const TO_CAPTURING: readonly Event[] = [...TO_STARTING, { type: 'started', started: STARTED }];
const TO_CHECKING: readonly Event[] = [...TO_CAPTURING, { type: 'capture-done' }];
const WAYS: Readonly<Record<StateName, readonly Event[]>> = {
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
const STATES = Object.keys(WAYS) as StateName[];
test.each(STATES)('%s is reached', (name) => {
  expect(reach(...WAYS[name]).name).toBe(name);
});

/** A walk that begins at any state. */
const aWalk = fc
  .tuple(fc.constantFrom(...STATES), events)
  .map(([name, more]) => ({ states: walk([...WAYS[name], ...more]), given: [...WAYS[name], ...more] }));

/**
 * What each state takes, and nothing else: late answers, answers that come twice, presses that come twice. `page-shown` is not
 * among them: whatever the page showed when it was left, it then reads what stands.
 */
const TAKES: Readonly<Record<StateName, readonly EventName[]>> = {
  loading: ['loaded', 'call-failed', 'time-over'],
  intro: ['start-pressed', 'hand-over-pressed', 'end-pressed', 'time-over'],
  asking: ['camera-ready', 'camera-failed', 'back-pressed', 'end-pressed', 'time-over'],
  preparing: ['script-ready', 'call-failed', 'back-pressed', 'end-pressed', 'time-over'],
  starting: ['started', 'ended', 'call-failed', 'time-over'],
  capturing: ['capture-done', 'camera-failed', 'time-over'],
  checking: ['code-given', 'try-again', 'ended', 'call-failed', 'time-over'],
  elsewhere: ['loaded', 'link-made', 'code-wrong', 'stay-pressed', 'end-pressed', 'call-failed', 'time-over'],
  'showing-code': ['loaded', 'reload-pressed'],
  ending: ['ended', 'call-failed', 'time-over'],
  finished: [],
  failed: ['reload-pressed', 'end-pressed'],
};

describe('late events change nothing', () => {
  test.each(STATES)('in %s', (name) => {
    const late = Object.entries(EVENTS).filter(
      ([type]) => type !== 'page-shown' && !TAKES[name].includes(type as EventName),
    );
    fc.assert(
      fc.property(fc.oneof(...late.map(([, event]) => event)), (event) => {
        const state = reach(...WAYS[name]);
        expect(next(state, event)).toBe(state);
      }),
    );
  });

  test('a call that fails while the camera films, a poll after “stay”, an end after the end', () => {
    const filming = reach(...TO_CAPTURING);
    expect(next(filming, { type: 'call-failed', failure: 'offline', supportId: null })).toBe(filming);
    const stayed = reach({ type: 'loaded', view: OPENED_HERE }, { type: 'stay-pressed' });
    expect(next(stayed, { type: 'loaded', view: ELSEWHERE })).toMatchObject({ name: 'intro' });
    const verified = reach(...WAYS.finished);
    expect(next(verified, { type: 'ended', outcome: 'locked', lockedUntil: 1 })).toBe(verified);
  });
});

describe('every state has an end', () => {
  /** Where the person alone decides, with a control to go on. */
  const RESTING: readonly StateName[] = ['intro', 'elsewhere', 'showing-code', 'finished', 'failed'];

  test('in silence: nobody answers, nothing is pressed, and the page comes to rest', () => {
    fc.assert(
      fc.property(aWalk, ({ states }) => {
        let state = states.at(-1) as State;
        for (let steps = 0; !RESTING.includes(state.name); steps += 1) {
          expect(steps).toBeLessThan(4);
          expect(limitMs(state, VIEW.now)).not.toBeNull();
          state = next(state, { type: 'time-over' });
        }
      }),
    );
  });

  test('within half a minute, but where the person has a way back from the first second on', () => {
    for (const name of STATES.filter((each) => !RESTING.includes(each))) {
      const ms = limitMs(reach(...WAYS[name]), VIEW.now) ?? Number.POSITIVE_INFINITY;
      if (name === 'asking' || name === 'preparing') {
        expect(next(reach(...WAYS[name]), { type: 'back-pressed' }).name).toBe('intro');
        // The component has its own cross, and a silent stream ends it (watch-stream.test.ts).
      } else if (name !== 'capturing') expect(ms, name).toBeLessThanOrEqual(30_000);
    }
  });

  test('a sign-in that ends while nobody does anything says so at once', () => {
    for (const name of ['intro', 'elsewhere'] as const) {
      const state = reach(...WAYS[name]);
      expect(limitMs(state, VIEW.expiresAt - 10)).toBe(11_000);
      expect(limitMs(state, VIEW.expiresAt + 1000)).toBe(1000);
      expect(next(state, { type: 'time-over' })).toEqual(LOADING);
    }
  });
});

describe('whatever happens, in whatever order', () => {
  test('the camera opens only after Start was pressed on a page that said who asks, with a try left', () => {
    fc.assert(
      fc.property(aWalk, ({ states, given }) => {
        for (const [at, state] of states.entries()) {
          const before = states[at - 1];
          if (before === undefined || !CAMERA_STATES.includes(state.name) || CAMERA_STATES.includes(before.name))
            continue;
          expect(before).toMatchObject({ name: 'intro' });
          expect(before.name === 'intro' && before.view.attemptsLeft).toBeGreaterThan(0);
          expect(given[at - 1]).toEqual({ type: 'start-pressed' });
        }
      }),
    );
  });

  test('a try is asked for only when camera and script are there', () => {
    fc.assert(
      fc.property(aWalk, ({ states }) => {
        for (const [at, state] of states.entries()) {
          if (state.name !== 'starting' || states[at - 1]?.name === 'starting') continue;
          const names = states.slice(0, at).map(({ name }) => name);
          expect(names.slice(-2).every((name) => name === 'preparing' || name === 'asking')).toBe(true);
        }
      }),
    );
  });

  test('a finished login stays finished, except for reading it again', () => {
    fc.assert(
      fc.property(aWalk, anEvent, ({ states }, event) => {
        const state = states.at(-1) as State;
        if (state.name !== 'finished' || event.type === 'page-shown') return;
        expect(next(state, event)).toBe(state);
      }),
    );
  });

  test('a failed call never loses the login: it can be repeated, or the page says where to go', () => {
    fc.assert(
      fc.property(aWalk, failure, ({ states }, code) => {
        const state = states.at(-1) as State;
        const changed = next(state, { type: 'call-failed', failure: code, supportId: 'ABCD-EFGH' });
        if (changed === state) return;
        expect(['intro', 'elsewhere', 'failed', 'loading']).toContain(changed.name);
        if (changed.name === 'failed') expect(changed.supportId).toBe('ABCD-EFGH');
      }),
    );
  });

  test('a notice of trouble in the film stands over a count that is read anew; one of trouble before it, over a count that stands', () => {
    fc.assert(
      fc.property(aWalk, ({ states }) => {
        for (const [at, state] of states.entries()) {
          const before = states[at - 1];
          if (state.name !== 'intro' || state.notice?.kind !== 'camera' || before === undefined) continue;
          if (before.name === 'intro' || before.name === 'loading') continue;
          expect(state.isStale).toBe(before.name === 'capturing');
        }
      }),
    );
  });
});

test('three camera problems in a row before the film begins use no try', () => {
  const blocked: readonly Event[] = [{ type: 'start-pressed' }, { type: 'camera-failed', problem: 'busy' }];
  const state = reach({ type: 'loaded', view: VIEW }, ...blocked, ...blocked, ...blocked);
  expect(state).toMatchObject({ name: 'intro', view: { attemptsLeft: 3 }, notice: { kind: 'camera' } });
});

test('without a try left nothing can be started', () => {
  const spent = reach({ type: 'loaded', view: SPENT });
  expect(next(spent, { type: 'start-pressed' })).toBe(spent);
});

test('tries left and consent follow what the service says', () => {
  const state = reach(...TO_CHECKING, {
    type: 'try-again',
    outcome: 'not_verified',
    hints: ['too_dark'],
    attemptsLeft: 2,
  });
  expect(state).toMatchObject({
    name: 'intro',
    view: { attemptsLeft: 2, consent: null },
    notice: { kind: 'again', hints: ['too_dark'] },
  });
});

test('after a problem in the film the count is read again, once, and the notice stays', () => {
  const stopped = reach(...TO_CAPTURING, { type: 'camera-failed', problem: 'connection_lost' });
  const fresh = next(stopped, { type: 'loaded', view: { ...VIEW, consent: null, attemptsLeft: 1 } });
  expect(fresh).toMatchObject({ name: 'intro', view: { attemptsLeft: 1 }, notice: { problem: 'connection_lost' } });
  expect(next(fresh, { type: 'loaded', view: VIEW })).toBe(fresh);
  expect(next(stopped, { type: 'loaded', view: FINISHED }).name).toBe('finished');
});

test('a judgement that did not arrive is asked for again, without another try', () => {
  const lost = reach(...TO_CHECKING, { type: 'call-failed', failure: 'offline', supportId: null });
  expect(lost.name).toBe('failed');
  expect(next(lost, { type: 'reload-pressed' })).toMatchObject({ name: 'checking', attempt: 1 });
});

describe('with another device', () => {
  test('a sign-in by e-mail waits: no camera is offered here before its link was opened here', () => {
    const waiting = reach({ type: 'loaded', view: ELSEWHERE });
    expect(waiting.name).toBe('elsewhere');
    expect(next(waiting, { type: 'stay-pressed' })).toBe(waiting);
    expect(next(waiting, { type: 'start-pressed' })).toBe(waiting);
    const opened = next(waiting, { type: 'loaded', view: OPENED_HERE });
    expect(next(opened, { type: 'stay-pressed' }).name).toBe('intro');
  });

  test('reading what stands again loses neither the picture for the phone nor how many codes are left', () => {
    const drawn = reach(
      { type: 'loaded', view: ELSEWHERE },
      { type: 'link-made', link: 'https://verify.example.com/s/device/x' },
      { type: 'code-wrong', triesLeft: 1 },
      { type: 'loaded', view: ELSEWHERE },
    );
    expect(drawn).toMatchObject({ link: 'https://verify.example.com/s/device/x', codeTriesLeft: 1 });
  });

  test('a lost connection is said, and said no more when it is back', () => {
    const lost = reach(
      { type: 'loaded', view: ELSEWHERE },
      { type: 'call-failed', failure: 'offline', supportId: null },
    );
    expect(lost).toMatchObject({ name: 'elsewhere', notice: { kind: 'call', failure: 'offline' } });
    expect(next(lost, { type: 'loaded', view: ELSEWHERE })).toMatchObject({ name: 'elsewhere', notice: null });
  });

  test('the device shows its code again after a reload, by asking for the same try again', () => {
    const reloaded = reach({ type: 'loaded', view: DEVICE_PASSED });
    expect(reloaded).toMatchObject({ name: 'checking', attempt: 2 });
    expect(next(reloaded, { type: 'code-given', code: '012345', secondsLeft: 100 }).name).toBe('showing-code');
  });
});
