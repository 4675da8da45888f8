import { useCallback, useEffect, useLayoutEffect, useRef } from 'react';
import type { SessionApi } from './api.ts';
import type { Camera } from './camera.ts';
import { readableOn } from './readable-on.ts';
import { CAMERA_STATES, type State, type StateName } from './states.ts';
import { callFailed, type Send } from './use-work.ts';

/** A page restored from the history shows the current state, not the state when it was left. */
export const useFreshHistory = (send: Send): void => {
  useEffect(() => {
    const reread = (event: PageTransitionEvent): void => {
      if (event.persisted) send({ type: 'page-shown' });
    };
    window.addEventListener('pageshow', reread);
    return () => window.removeEventListener('pageshow', reread);
  }, [send]);
};

/** Stops every track outside the camera states: after the step, when the page is left, or when it breaks. */
export const useCameraEnd = (state: State, camera: Camera): void => {
  const belongs = CAMERA_STATES.includes(state.name);
  useLayoutEffect(() => {
    if (!belongs) return;
    const close = (): void => camera.close();
    window.addEventListener('pagehide', close);
    return () => {
      window.removeEventListener('pagehide', close);
      close();
    };
  }, [belongs, camera]);
};

/** Releases an attempt whose face was never judged, however it ended: by a problem, by closing the page, or by a broken page. */
export const useGiveBack = (state: State, api: SessionApi): void => {
  const attempt = state.name === 'capturing' ? state.started.attempt : null;
  const now = useRef<StateName>(state.name);
  useLayoutEffect(() => {
    now.current = state.name;
  }, [state.name]);
  useEffect(() => {
    if (attempt === null) return;
    const release = (): void => void api.release(attempt).catch(() => undefined);
    window.addEventListener('pagehide', release);
    return () => {
      window.removeEventListener('pagehide', release);
      if (now.current !== 'checking') release();
    };
  }, [attempt, api]);
};

/** The organization's color for the main button, with black or white text, whichever is more readable. */
export const useBranding = (state: State): void => {
  const color = ('view' in state && state.view?.branding.accentColor) || null;
  useEffect(() => {
    const style = document.documentElement.style;
    if (color === null) return;
    style.setProperty('--brand', color);
    style.setProperty('--on-brand', readableOn(color));
    return () => {
      style.removeProperty('--brand');
      style.removeProperty('--on-brand');
    };
  }, [color]);
};

/** Calls that the user makes while the check runs on another device; their answers count only during that state. */
export const useElsewhereCalls = (state: State, api: SessionApi, send: Send) => {
  const leaving = useRef(new AbortController());
  // Before the effects of the screens, which may make calls immediately.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the state's name changes when another one begins.
  useLayoutEffect(() => {
    leaving.current = new AbortController();
    return () => leaving.current.abort();
  }, [state.name]);
  const run = useCallback(
    async (call: (sendNow: Send) => Promise<void>) => {
      const { signal } = leaving.current;
      const sendNow: Send = (event) => {
        if (!signal.aborted) send(event);
      };
      await call(sendNow).catch((error: unknown) => sendNow(callFailed(error)));
    },
    [send],
  );
  const makeLink = useCallback(
    (transport: 'email' | 'qr') =>
      run(async (sendNow) => {
        const { link } = await api.offerHandoff(transport);
        sendNow({ type: 'link-made', link });
        sendNow({ type: 'loaded', view: await api.readSession() });
      }),
    [api, run],
  );
  const enterCode = useCallback(
    (code: string) =>
      run(async (sendNow) => {
        const answer = await api.confirmCode(code);
        if (answer.state === 'again') sendNow({ type: 'code-wrong', triesLeft: answer.triesLeft });
        else sendNow({ type: 'loaded', view: await api.readSession() });
      }),
    [api, run],
  );
  return { makeLink, enterCode };
};
