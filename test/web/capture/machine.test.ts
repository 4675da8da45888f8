import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { limitMs } from '../../../web/capture/limits.ts';
import { next } from '../../../web/capture/machine.ts';
import { CAMERA_STATES, type Event, type EventName, type State, type StateName } from '../../../web/capture/states.ts';
import {
  DEVICE_PASSED,
  ELSEWHERE,
  EVENTS,
  FAILURES,
  FINISHED,
  LOADING,
  OPENED_HERE,
  reach,
  SPENT,
  STATES,
  TO_CAPTURING,
  TO_CHECKING,
  WAYS,
  walk,
} from '../../support/page-walks.ts';
import { VIEW } from '../../support/session-view.ts';

const failure = fc.constantFrom(...FAILURES);
/** Each kind as often as any other. */
const anEvent: fc.Arbitrary<Event> = fc.oneof(...Object.values(EVENTS).map((events) => fc.constantFrom(...events)));
const events = fc.array(anEvent, { maxLength: 60 });

test.each(STATES)('%s is reached', (name) => {
  expect(reach(...WAYS[name]).name).toBe(name);
});

/** A walk that begins at any state. */
const aWalk = fc
  .tuple(fc.constantFrom(...STATES), events)
  .map(([name, more]) => ({ states: walk([...WAYS[name], ...more]), given: [...WAYS[name], ...more] }));

/**
 * The events that each state handles. All others are late answers, duplicate answers or double presses. `page-shown` is not
 * listed: whatever the page showed when it was left, it then reads the current session.
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
      fc.property(fc.oneof(...late.map(([, given]) => fc.constantFrom(...given))), (event) => {
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
  /** States that wait only for the user, with a control to continue. */
  const RESTING: readonly StateName[] = ['intro', 'elsewhere', 'showing-code', 'finished', 'failed'];

  test('without any answer or press: the page comes to rest', () => {
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

  test('within half a minute, unless the user has a way back from the first second', () => {
    for (const name of STATES.filter((each) => !RESTING.includes(each))) {
      const ms = limitMs(reach(...WAYS[name]), VIEW.now) ?? Number.POSITIVE_INFINITY;
      if (name === 'asking' || name === 'preparing') {
        expect(next(reach(...WAYS[name]), { type: 'back-pressed' }).name).toBe('intro');
        // The component has its own cancel button, and a silent stream ends it (watch-stream.test.ts).
      } else if (name !== 'capturing') expect(ms, name).toBeLessThanOrEqual(30_000);
    }
  });

  test('a sign-in that ends while nothing happens says so immediately', () => {
    for (const name of ['intro', 'elsewhere'] as const) {
      const state = reach(...WAYS[name]);
      expect(limitMs(state, VIEW.expiresAt - 10)).toBe(11_000);
      expect(limitMs(state, VIEW.expiresAt + 1000)).toBe(1000);
      expect(next(state, { type: 'time-over' })).toEqual(LOADING);
    }
  });
});

describe('whatever happens, in whatever order', () => {
  test('the camera opens only after Start was pressed on a page that says who asks, with an attempt left', () => {
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

  test('an attempt is requested only when camera and script are ready', () => {
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

  test('a problem during the video shows a notice with a count that is read again; one before it, with the current count', () => {
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

test('three camera problems in a row before the video begins use no attempt', () => {
  const blocked: readonly Event[] = [{ type: 'start-pressed' }, { type: 'camera-failed', problem: 'busy' }];
  const state = reach({ type: 'loaded', view: VIEW }, ...blocked, ...blocked, ...blocked);
  expect(state).toMatchObject({ name: 'intro', view: { attemptsLeft: 3 }, notice: { kind: 'camera' } });
});

test('without an attempt left nothing can be started', () => {
  const spent = reach({ type: 'loaded', view: SPENT });
  expect(next(spent, { type: 'start-pressed' })).toBe(spent);
});

test('attempts left and consent follow the service’s answer', () => {
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

test('after a problem during the video the count is read again, once, and the notice stays', () => {
  const stopped = reach(...TO_CAPTURING, { type: 'camera-failed', problem: 'connection_lost' });
  const fresh = next(stopped, { type: 'loaded', view: { ...VIEW, consent: null, attemptsLeft: 1 } });
  expect(fresh).toMatchObject({ name: 'intro', view: { attemptsLeft: 1 }, notice: { problem: 'connection_lost' } });
  expect(next(fresh, { type: 'loaded', view: VIEW })).toBe(fresh);
  expect(next(stopped, { type: 'loaded', view: FINISHED }).name).toBe('finished');
});

test('a judgement that did not arrive is requested again, without another attempt', () => {
  const lost = reach(...TO_CHECKING, { type: 'call-failed', failure: 'offline', supportId: null });
  expect(lost.name).toBe('failed');
  expect(next(lost, { type: 'reload-pressed' })).toMatchObject({ name: 'checking', attempt: 1 });
});

describe('with another device', () => {
  test('a check by e-mail waits: no camera is offered here before its link is opened here', () => {
    const waiting = reach({ type: 'loaded', view: ELSEWHERE });
    expect(waiting.name).toBe('elsewhere');
    expect(next(waiting, { type: 'stay-pressed' })).toBe(waiting);
    expect(next(waiting, { type: 'start-pressed' })).toBe(waiting);
    const opened = next(waiting, { type: 'loaded', view: OPENED_HERE });
    expect(next(opened, { type: 'stay-pressed' }).name).toBe('intro');
  });

  test('reading the session again loses neither the QR code nor the number of codes left', () => {
    const drawn = reach(
      { type: 'loaded', view: ELSEWHERE },
      { type: 'link-made', link: 'https://verify.example.com/s/device/x' },
      { type: 'code-wrong', triesLeft: 1 },
      { type: 'loaded', view: ELSEWHERE },
    );
    expect(drawn).toMatchObject({ link: 'https://verify.example.com/s/device/x', codeTriesLeft: 1 });
  });

  test('a lost connection is shown, and no longer once it is back', () => {
    const lost = reach(
      { type: 'loaded', view: ELSEWHERE },
      { type: 'call-failed', failure: 'offline', supportId: null },
    );
    expect(lost).toMatchObject({ name: 'elsewhere', notice: { kind: 'call', failure: 'offline' } });
    expect(next(lost, { type: 'loaded', view: ELSEWHERE })).toMatchObject({ name: 'elsewhere', notice: null });
  });

  test.each(['mail-not-sent', 'too-many-links', 'unavailable'] as const)(
    'after %s the page stays and says so, until a link is made',
    (failure) => {
      const refused = reach({ type: 'loaded', view: ELSEWHERE }, { type: 'call-failed', failure, supportId: null });
      expect(refused).toMatchObject({ name: 'elsewhere', notice: { kind: 'call', failure } });
      const made = next(refused, { type: 'link-made', link: null });
      expect(made).toMatchObject({ name: 'elsewhere', notice: null });
    },
  );

  test('the device shows its code again after a reload, by completing the same attempt again', () => {
    const reloaded = reach({ type: 'loaded', view: DEVICE_PASSED });
    expect(reloaded).toMatchObject({ name: 'checking', attempt: 2 });
    expect(next(reloaded, { type: 'code-given', code: '012345', secondsLeft: 100 }).name).toBe('showing-code');
  });
});
