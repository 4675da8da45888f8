/** OWASP ASVS 5.0, 7.3.1: a session ends when nobody uses it. */
const IDLE_MS = 15 * 60_000;
/** Before that, the operator is asked whether they are still there (WCAG 2.2, 2.2.1: at least 20 seconds). */
const WARNED_MS = 2 * 60_000;

/** Only a time; shared by the tabs, so that activity in one keeps the others open. */
const KEY = 'verified-portal-active-at';
const EVENTS = ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const;
const LOOK_EVERY_MS = 5000;

const lastActive = (): number | null => {
  const at = Number(localStorage.getItem(KEY) ?? Number.NaN);
  return Number.isFinite(at) ? at : null;
};

/** True if the last activity in this browser is too long ago, even if the page was closed and opened again. */
export const isIdle = (): boolean => {
  const at = lastActive();
  return at !== null && Date.now() - at > IDLE_MS;
};

const noteActivity = (): void => localStorage.setItem(KEY, String(Date.now()));

export const forgetActivity = (): void => localStorage.removeItem(KEY);

interface ActivityHandlers {
  /** There was no activity for the limit. */
  readonly onIdle: () => void;
  /** Another tab signed out. */
  readonly onSignedOut: () => void;
  /** When the session ends without activity, epoch milliseconds; null: not soon. Called repeatedly. */
  readonly onEnding: (at: number | null) => void;
}

/** Watches for activity on the page. Returns the function that stops it. */
export const watchActivity = ({ onIdle, onSignedOut, onEnding }: ActivityHandlers): (() => void) => {
  noteActivity();
  const look = (): void => {
    const at = lastActive();
    if (at === null) onSignedOut();
    else if (isIdle()) onIdle();
    else onEnding(Date.now() - at > IDLE_MS - WARNED_MS ? at + IDLE_MS : null);
  };
  let notedAt = Date.now();
  const onActivity = (): void => {
    // Someone else may be here after the machine woke up: check first, then record the activity.
    if (isIdle()) {
      onIdle();
    } else if (Date.now() - notedAt > 1000) {
      notedAt = Date.now();
      noteActivity();
      onEnding(null);
    }
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  for (const event of EVENTS) addEventListener(event, onActivity, { passive: true, capture: true });
  return () => {
    clearInterval(timer);
    for (const event of EVENTS) removeEventListener(event, onActivity, { capture: true });
  };
};
