import type { State, StateName } from './states.ts';

const SECOND_MS = 1000;
/** Longer than a call may take (`api.ts`), so that the call's own failure comes first. */
const CALL_MS = 29 * SECOND_MS;

/**
 * How long a state that waits for somebody else may last. The person can leave each earlier: what takes longer than
 * `HINT_AFTER_MS` says so, with a way back.
 */
const LIMITS_MS: Readonly<Partial<Record<StateName, number>>> = {
  loading: CALL_MS,
  // A person reads what the browser asks; somebody may have to help.
  asking: 120 * SECOND_MS,
  // What a slow network needs for the script.
  preparing: 60 * SECOND_MS,
  starting: CALL_MS,
  // The liveness session ends after three minutes, and can be begun only in the first; a silent stream ends it much earlier (`watch-stream.ts`).
  capturing: 170 * SECOND_MS,
  checking: CALL_MS,
  ending: CALL_MS,
};

/** After so long the page says what may be the matter. */
export const HINT_AFTER_MS = 6 * SECOND_MS;

/**
 * After how many milliseconds the state is over by itself; null: it waits for the person alone, who has a control to go on.
 * @param serverNow the server's clock, epoch seconds
 */
export const limitMs = (state: State, serverNow: number): number | null => {
  if (state.name === 'intro' || state.name === 'elsewhere') {
    // Until the sign-in ends, and a second for the service to see it so.
    return Math.max(1, state.view.expiresAt - serverNow + 1) * SECOND_MS;
  }
  return LIMITS_MS[state.name] ?? null;
};
