import type { BrowserContext, Page } from 'playwright-core';

declare global {
  interface Window {
    /** Every track that was given to anything on the page, in order. */
    givenTracks?: MediaStreamTrack[];
    /** How the next request for a camera ends; absent: as the browser decides. */
    cameraAnswer?: 'never' | { readonly name: string; readonly message: string };
  }
}

/** Records every track that the browser gives out, below whatever the page does, and lets a test decide how a request ends. */
export const watchCamera = async (context: BrowserContext): Promise<void> => {
  await context.addInitScript(() => {
    const { prototype } = MediaDevices;
    const real = prototype.getUserMedia;
    const given: MediaStreamTrack[] = [];
    window.givenTracks = given;
    prototype.getUserMedia = async function (constraints) {
      const answer = window.cameraAnswer;
      if (answer === 'never') return new Promise(() => {});
      if (answer !== undefined) throw new DOMException(answer.message, answer.name);
      const stream = await real.call(this, constraints);
      given.push(...stream.getTracks());
      return stream;
    };
  });
};

/** How requests for a camera end from now on, and what the browser reports about the permission. */
export const setCamera = ({
  answer,
  permission,
}: {
  answer: NonNullable<Window['cameraAnswer']>;
  permission: string;
}): void => {
  window.cameraAnswer = answer;
  navigator.permissions.query = async () => ({ state: permission }) as PermissionStatus;
};

/** Whether each track that was ever given out is still live, in order. */
export const liveTracks = (page: Page): Promise<readonly boolean[]> =>
  page.evaluate(() => (window.givenTracks ?? []).map(({ readyState }) => readyState === 'live'));

/** Sets the clock of the device wrong for everything that asks `Date` for the time. The monotonic clock is unchanged. */
export const shiftClock = async (context: BrowserContext, shiftMs: number): Promise<void> => {
  await context.addInitScript((ms) => {
    const Real = Date;
    const now = (): number => Real.now() + ms;
    window.Date = new Proxy(Real, {
      construct: (target, values, newTarget) =>
        Reflect.construct(target, values.length === 0 ? [now()] : values, newTarget),
      apply: () => new Real(now()).toString(),
      get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
    });
  }, shiftMs);
};
