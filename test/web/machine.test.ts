import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PublicOutcome } from '../../contract/api/outcome.ts';
import { type CallFailure, type CameraProblem, type Event, next, type State } from '../../web/capture/machine.ts';
import { en } from '../../web/capture/text/en.ts';
import { STARTED, VIEW } from '../support/session-view.ts';

const CAMERA: readonly CameraProblem[] = ['denied', 'missing', 'timeout', 'other'];
const outcome = fc.constantFrom(...PublicOutcome.options);
const failure = fc.constantFrom(...(Object.keys(en.failures) as CallFailure[]));

const HANDOFF = { transport: 'email', state: 'opened', otherNetwork: false, endsAt: null, attempt: null } as const;
const ELSEWHERE = { ...VIEW, runsHere: false, handoffBy: 'email', handoff: HANDOFF } as const;
const OPENED_HERE = { ...ELSEWHERE, runsHere: true } as const;
const DEVICE = { ...VIEW, role: 'device', handoff: HANDOFF } as const;
const DEVICE_PASSED = { ...DEVICE, handoff: { ...HANDOFF, state: 'passed', attempt: 2 } } as const;

const anEvent: fc.Arbitrary<Event> = fc.oneof(
  fc.constant<Event>({ type: 'loaded', view: VIEW }),
  outcome.map<Event>((ended) => ({ type: 'loaded', view: { ...VIEW, state: 'finished', outcome: ended } })),
  fc.constantFrom(ELSEWHERE, OPENED_HERE, DEVICE, DEVICE_PASSED).map<Event>((view) => ({ type: 'loaded', view })),
  fc.constant<Event>({ type: 'start-pressed' }),
  fc.constant<Event>({ type: 'hand-over-pressed' }),
  fc.constant<Event>({ type: 'stay-pressed' }),
  fc.constant<Event>({ type: 'link-made', link: null }),
  fc.constant<Event>({ type: 'code-wrong', triesLeft: 1 }),
  fc.constant<Event>({ type: 'code-given', code: '012345', secondsLeft: 120 }),
  fc.constant<Event>({ type: 'started', started: STARTED }),
  fc.constant<Event>({ type: 'capture-done' }),
  fc.constantFrom(...CAMERA).map<Event>((problem) => ({ type: 'camera-failed', problem })),
  outcome.map<Event>((judged) => ({ type: 'try-again', outcome: judged, hints: [], attemptsLeft: 1 })),
  outcome.map<Event>((ended) => ({ type: 'ended', outcome: ended, lockedUntil: null })),
  fc.constant<Event>({ type: 'end-pressed' }),
  failure.map<Event>((code) => ({ type: 'call-failed', failure: code, supportId: null })),
  fc.constant<Event>({ type: 'reload-pressed' }),
);

/** Every state on the way, the first one included. */
const walk = (events: readonly Event[]): readonly State[] => {
  const states: State[] = [{ name: 'loading' }];
  for (const event of events) states.push(next(states.at(-1) as State, event));
  return states;
};

describe('whatever happens, in whatever order', () => {
  test('the camera opens only after Start was pressed on a page that said who asks', () => {
    fc.assert(
      fc.property(fc.array(anEvent, { maxLength: 40 }), (events) => {
        const states = walk(events);
        for (const [at, state] of states.entries()) {
          const before = states[at - 1];
          if (state.name !== 'capturing' || before === undefined || before.name === 'capturing') continue;
          const starting = states.slice(0, at).findLastIndex(({ name }) => name !== 'starting');
          expect(before.name).toBe('starting');
          expect(states[starting]?.name).toBe('intro');
          expect(events[starting]).toEqual({ type: 'start-pressed' });
        }
      }),
    );
  });

  test('one press of Start starts once: further presses change nothing until the try is over', () => {
    fc.assert(
      fc.property(fc.array(anEvent, { maxLength: 40 }), (events) => {
        for (const state of walk(events)) {
          if (state.name === 'intro') continue;
          expect(next(state, { type: 'start-pressed' })).toBe(state);
        }
      }),
    );
  });

  test('a finished login stays finished, except for reading it again', () => {
    fc.assert(
      fc.property(fc.array(anEvent, { maxLength: 40 }), anEvent, (events, event) => {
        const state = walk(events).at(-1) as State;
        if (state.name !== 'finished' || event.type === 'reload-pressed') return;
        expect(next(state, event).name).toBe('finished');
      }),
    );
  });

  test('every state has a way on', () => {
    const waysOut: Readonly<Record<State['name'], Event>> = {
      loading: { type: 'loaded', view: VIEW },
      intro: { type: 'start-pressed' },
      starting: { type: 'started', started: STARTED },
      capturing: { type: 'capture-done' },
      checking: { type: 'ended', outcome: 'verified', lockedUntil: null },
      elsewhere: { type: 'loaded', view: { ...VIEW, state: 'finished', outcome: 'verified' } },
      'showing-code': { type: 'loaded', view: { ...DEVICE, state: 'finished', outcome: 'verified' } },
      ending: { type: 'call-failed', failure: 'offline', supportId: null },
      finished: { type: 'reload-pressed' },
      failed: { type: 'reload-pressed' },
    };
    fc.assert(
      fc.property(fc.array(anEvent, { maxLength: 40 }), (events) => {
        const state = walk(events).at(-1) as State;
        expect(next(state, waysOut[state.name]).name).not.toBe(state.name);
      }),
    );
  });

  test('a failed call never loses the login: it can be repeated, or the page says where to go', () => {
    fc.assert(
      fc.property(fc.array(anEvent, { maxLength: 40 }), failure, (events, code) => {
        const state = walk(events).at(-1) as State;
        const after = next(state, { type: 'call-failed', failure: code, supportId: 'ABCD-EFGH' });
        expect(['intro', 'elsewhere', 'failed', 'finished']).toContain(after.name);
        if (after.name === 'failed') expect(after.supportId).toBe('ABCD-EFGH');
      }),
    );
  });
});

test('tries left and consent follow what the service says', () => {
  const states = walk([
    { type: 'loaded', view: VIEW },
    { type: 'start-pressed' },
    { type: 'started', started: { ...STARTED, attemptsLeft: 2 } },
    { type: 'capture-done' },
    { type: 'try-again', outcome: 'not_verified', hints: ['too_dark'], attemptsLeft: 2 },
  ]);
  expect(states.at(-1)).toMatchObject({
    name: 'intro',
    view: { attemptsLeft: 2, consent: null },
    notice: { kind: 'again', hints: ['too_dark'] },
  });
});

describe('with another device', () => {
  test('a sign-in by e-mail waits: no camera is offered here before its link was opened here', () => {
    const waiting = next({ name: 'loading' }, { type: 'loaded', view: ELSEWHERE });
    expect(waiting.name).toBe('elsewhere');
    expect(next(waiting, { type: 'stay-pressed' })).toBe(waiting);
    expect(next(waiting, { type: 'start-pressed' })).toBe(waiting);
    const opened = next(waiting, { type: 'loaded', view: OPENED_HERE });
    expect(next(opened, { type: 'stay-pressed' }).name).toBe('intro');
  });

  test('reading what stands again loses neither the picture for the phone nor how many codes are left', () => {
    const drawn = walk([
      { type: 'loaded', view: ELSEWHERE },
      { type: 'link-made', link: 'https://verify.example.com/s/device/x' },
      { type: 'code-wrong', triesLeft: 1 },
      { type: 'loaded', view: ELSEWHERE },
    ]).at(-1);
    expect(drawn).toMatchObject({ link: 'https://verify.example.com/s/device/x', codeTriesLeft: 1 });
  });

  test('the device shows its code again after a reload, by asking for the same try again', () => {
    const reloaded = next({ name: 'loading' }, { type: 'loaded', view: DEVICE_PASSED });
    expect(reloaded).toMatchObject({ name: 'checking', attempt: 2 });
    expect(next(reloaded, { type: 'code-given', code: '012345', secondsLeft: 100 }).name).toBe('showing-code');
  });
});
