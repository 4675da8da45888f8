/** OWASP ASVS 5.0, 7.3.1: a session ends when nobody uses it. */
export const IDLE_MS = 15 * 60_000;

/** A time and nothing else; shared by the tabs, so that work in one keeps the others open. */
const KEY = 'verified-portal-active-at';
const EVENTS = ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const;
const LOOK_EVERY_MS = 5000;

const lastActive = (): number | null => {
  const at = Number(localStorage.getItem(KEY) ?? Number.NaN);
  return Number.isFinite(at) ? at : null;
};

/** True where the last act of a person in this browser lies too far back: also after the page was closed and opened again. */
export const isIdle = (): boolean => {
  const at = lastActive();
  return at !== null && Date.now() - at > IDLE_MS;
};

export const noteActivity = (): void => localStorage.setItem(KEY, String(Date.now()));

export const forgetActivity = (): void => localStorage.removeItem(KEY);

/** Calls `onIdle` once nobody touched the page for the time; `onSignedOut` once another tab signed out. */
export const watchActivity = (onIdle: () => void, onSignedOut: () => void): (() => void) => {
  noteActivity();
  const look = (): void => {
    if (lastActive() === null) onSignedOut();
    else if (isIdle()) onIdle();
  };
  let notedAt = Date.now();
  const onAct = (): void => {
    // Somebody else may sit here after a machine woke up: first the look, then the note.
    if (isIdle()) {
      onIdle();
    } else if (Date.now() - notedAt > 1000) {
      notedAt = Date.now();
      noteActivity();
    }
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  for (const event of EVENTS) addEventListener(event, onAct, { passive: true, capture: true });
  return () => {
    clearInterval(timer);
    for (const event of EVENTS) removeEventListener(event, onAct, { capture: true });
  };
};
