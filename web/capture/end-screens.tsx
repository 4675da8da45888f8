import { useEffect } from 'react';
import type { SessionView } from '../../contract/api/session.ts';
import { Screen } from './screen-parts.tsx';
import { OtherWays } from './screens.tsx';
import { serverClock } from './server-clock.ts';
import type { CallFailure, EndReason } from './states.ts';
import { en } from './text/en.ts';

const SUCCESS_SHOWN_MS = 1200;

const finishedText = (view: SessionView, text: string): string => {
  if (view.role === 'device') return en.device.done;
  return view.returnable ? text : en.closed;
};

/** When a lock ends; how long it lasts where the device's own clock would show another time. */
const lockText = (view: SessionView, lockedUntil: number): string => {
  if (serverClock.deviceOffsetMs() !== 0) {
    return en.lockedFor(Math.max(1, Math.ceil((lockedUntil - (serverClock.nowSeconds() ?? view.now)) / 60)));
  }
  return en.lockedUntil(new Date(lockedUntil * 1000).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' }));
};

/** How the login ended. Success goes on by itself; everything else waits for the person. */
export const Finished = ({ view, outcome }: { view: SessionView; outcome: keyof typeof en.outcomes }) => {
  const isSuccess = outcome === 'verified' || outcome === 'enrolled';
  const { title, text } = en.outcomes[outcome];
  useEffect(() => {
    if (!isSuccess || !view.returnable) return;
    const timer = setTimeout(() => location.replace(view.returnPath), SUCCESS_SHOWN_MS);
    return () => clearTimeout(timer);
  }, [isSuccess, view]);
  return (
    <Screen title={title} supportId={view.supportId}>
      <p>{finishedText(view, text)}</p>
      {view.lockedUntil === null ? null : <p>{lockText(view, view.lockedUntil)}</p>}
      {view.returnable ? (
        <a className="primary" href={view.returnPath}>
          {en.back}
        </a>
      ) : null}
      {view.branding.supportUrl === null || isSuccess ? null : (
        <p>
          <a href={view.branding.supportUrl} rel="noopener noreferrer">
            {en.support}
          </a>
        </p>
      )}
    </Screen>
  );
};

/** A failure that cannot be mended on this page. */
export const Failed = ({
  failure,
  supportId,
  view,
  isRepeatable = false,
  onReload,
  onEnd,
}: {
  failure: CallFailure;
  supportId: string | null;
  /** The sign-in, where it is known. */
  view: SessionView | null;
  /** True: pressing asks the service again; false: it loads the page anew. */
  isRepeatable?: boolean;
  onReload: () => void;
  onEnd: (reason: EndReason) => void;
}) => {
  const { title, text } = en.failures[failure];
  return (
    <Screen title={title} supportId={supportId}>
      <p>{text}</p>
      <button type="button" className="primary" onClick={onReload}>
        {isRepeatable ? en.intro.again : en.reload}
      </button>
      {view === null ? null : <OtherWays onEnd={onEnd} />}
    </Screen>
  );
};
