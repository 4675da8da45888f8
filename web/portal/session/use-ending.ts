import { useEffect, useState } from 'react';
import { watchActivity } from './idle.ts';
import type { Session, SignedOutReason } from './sign-in.ts';

/** Long enough to finish a form and to sign in again. */
const LIMIT_WARNED_MS = 10 * 60_000;
const LOOK_EVERY_MS = 5000;

/** Why a session ends soon, and when, epoch milliseconds. */
export interface Ending {
  readonly why: 'idle' | 'limit';
  readonly at: number;
}

/** Ends the session after inactivity or at its time limit, and warns before. */
export const useEnding = (session: Session, onOut: (reason: SignedOutReason) => void): Ending | null => {
  const [idleAt, setIdleAt] = useState<number | null>(null);
  const [isLimitNear, setLimitNear] = useState(false);
  useEffect(
    () =>
      watchActivity({
        onIdle: () => onOut('idle'),
        onSignedOut: () => onOut('signed-out'),
        onEnding: setIdleAt,
      }),
    [onOut],
  );
  useEffect(() => {
    const look = (): void => {
      const left = session.endsAt - Date.now();
      setLimitNear(left <= LIMIT_WARNED_MS);
      if (left <= 0) onOut('ended');
    };
    const timer = setInterval(look, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [session, onOut]);
  if (idleAt !== null) return { why: 'idle', at: idleAt };
  return isLimitNear ? { why: 'limit', at: session.endsAt } : null;
};
