import type { State, StateName } from './states.ts';

const SECOND_MS = 1000;
/** Longer than a call may take (`api.ts`), so that the call's own failure comes first. */
const CALL_MS = 29 * SECOND_MS;

/**
 * How long a state that waits for something external may last. The user can leave each one earlier: after
 * `HINT_AFTER_MS` it shows a hint and a way back.
 */
const LIMITS_MS: Readonly<Partial<Record<StateName, number>>> = {
  loading: CALL_MS,
  // The user reads the browser's prompt and may need help.
  asking: 120 * SECOND_MS,
  // Enough for the script on a slow network.
  preparing: 60 * SECOND_MS,
  starting: CALL_MS,
  // The liveness session ends after three minutes and can only start in the first; a silent stream ends it much earlier (`watch-stream.ts`).
  capturing: 170 * SECOND_MS,
  checking: CALL_MS,
  ending: CALL_MS,
};

/** After this time the page says what may be wrong. */
export const HINT_AFTER_MS = 6 * SECOND_MS;

/**
 * After how many milliseconds the state ends by itself; null: it waits only for the user, who has a control to continue.
 * @param serverNow the server's clock, epoch seconds
 */
export const limitMs = (state: State, serverNow: number): number | null => {
  if (state.name === 'intro' || state.name === 'elsewhere') {
    // Until the sign-in ends, plus a second so that it has ended for the service too.
    return Math.max(1, state.view.expiresAt - serverNow + 1) * SECOND_MS;
  }
  return LIMITS_MS[state.name] ?? null;
};
