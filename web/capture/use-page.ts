import { useCallback, useEffect, useLayoutEffect, useRef } from 'react';
import type { SessionApi } from './api.ts';
import type { Camera } from './camera.ts';
import { readableOn } from './readable-on.ts';
import { CAMERA_STATES, type State, type StateName } from './states.ts';
import { callFailed, type Send } from './use-work.ts';

/** A page that comes back from the history shows what stands now, not what stood when it was left. */
export const useFreshHistory = (send: Send): void => {
  useEffect(() => {
    const reread = (event: PageTransitionEvent): void => {
      if (event.persisted) send({ type: 'page-shown' });
    };
    window.addEventListener('pageshow', reread);
    return () => window.removeEventListener('pageshow', reread);
  }, [send]);
};

/** No track lives where no camera belongs: after the step, when the page is left, or when it breaks. */
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

/** A try whose face was never judged is given back, however it ended: by a problem, by closing the page, or by a page that broke. */
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

/** The organisation's colour for the main button, with black or white on it, whichever reads better. */
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

/** Calls that the person makes while another device has the check; their answers count only while that state lasts. */
export const useElsewhereCalls = (state: State, api: SessionApi, send: Send) => {
  const leaving = useRef(new AbortController());
  // Before the effects of what is shown, which may call at once.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the state's name says when another one began.
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
