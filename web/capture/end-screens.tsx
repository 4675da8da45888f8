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

/** When a lock ends; its duration instead if the device's clock is wrong. */
const lockText = (view: SessionView, lockedUntil: number): string => {
  if (serverClock.deviceOffsetMs() !== 0) {
    return en.lockedFor(Math.max(1, Math.ceil((lockedUntil - (serverClock.nowSeconds() ?? view.now)) / 60)));
  }
  return en.lockedUntil(new Date(lockedUntil * 1000).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' }));
};

/** How the login ended. A success continues automatically; everything else waits for the user. */
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

/** A failure that cannot be resolved on this page. */
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
  /** The sign-in, if known. */
  view: SessionView | null;
  /** True: the button calls the service again; false: it reloads the page. */
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
