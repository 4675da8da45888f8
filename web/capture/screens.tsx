import { useEffect, useState } from 'react';
import type { SessionView } from '../../contract/api/session.ts';
import { NoticeBox, Screen } from './screen-parts.tsx';
import { serverClock } from './server-clock.ts';
import type { EndReason, Notice } from './states.ts';
import { en } from './text/en.ts';

const WARN_BEFORE_END_SECONDS = 180;

/** Minutes until the login ends, once that is near; by the server's clock. */
const useMinutesLeft = (view: SessionView): number | null => {
  const [, setTurn] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setTurn((turn) => turn + 1), 5000);
    return () => clearInterval(timer);
  }, []);
  const secondsLeft = view.expiresAt - (serverClock.nowSeconds() ?? view.now);
  return secondsLeft < WARN_BEFORE_END_SECONDS ? Math.max(1, Math.ceil(secondsLeft / 60)) : null;
};

export interface IntroProps {
  readonly view: SessionView;
  readonly notice: Notice | null;
  /** False: this browser does not support the check. */
  readonly canRun?: boolean;
  readonly onStart: () => void;
  readonly onHandOver: () => void;
  readonly onEnd: (reason: EndReason) => void;
}

export const Who = ({ view }: { view: SessionView }) => (
  <dl>
    {view.app === null ? null : (
      <div>
        <dt>{en.intro.app}</dt>
        <dd>{view.app}</dd>
      </div>
    )}
    {view.account === null ? null : (
      <div>
        <dt>{en.intro.account}</dt>
        <dd>{view.account}</dd>
      </div>
    )}
  </dl>
);

/** The ways to leave without the check. */
export const OtherWays = ({ onEnd }: Pick<IntroProps, 'onEnd'>) => (
  <div className="ways">
    <button type="button" className="link" onClick={() => onEnd('declined')}>
      {en.intro.otherWay}
    </button>
    <button type="button" className="link" onClick={() => onEnd('reported')}>
      {en.intro.notMe}
    </button>
  </div>
);

const UNABLE: Notice = { kind: 'camera', problem: 'not_supported' };

/** No check can be started here: the reason, and the remaining ways. */
const Unable = ({ view, notice, onHandOver, onEnd }: Omit<IntroProps, 'onStart' | 'canRun'>) => (
  <Screen title={en.intro[view.task]} supportId={view.supportId}>
    {notice === null ? <p>{en.intro.noTries}</p> : <NoticeBox notice={notice} canRetry={view.attemptsLeft > 0} />}
    <Who view={view} />
    <button type="button" className="primary" onClick={() => onEnd('unavailable')}>
      {en.back}
    </button>
    {view.handoffBy === 'qr' && view.attemptsLeft > 0 ? (
      <button type="button" className="second" onClick={onHandOver}>
        {en.elsewhere.usePhone}
      </button>
    ) : null}
    <OtherWays onEnd={onEnd} />
  </Screen>
);

/** Who asks for the check and why, and the explicit start: no camera before this button. */
export const Intro = ({ canRun = true, ...props }: IntroProps) => {
  if (!canRun) return <Unable {...props} notice={UNABLE} />;
  return props.view.attemptsLeft > 0 ? <Startable {...props} /> : <Unable {...props} />;
};

const Startable = ({ view, notice, onStart, onHandOver, onEnd }: IntroProps) => {
  const [hasConsented, setConsented] = useState(false);
  const [isConsentMissing, setConsentMissing] = useState(false);
  const minutesLeft = useMinutesLeft(view);
  const start = (): void => {
    if (view.consent !== null && !hasConsented) setConsentMissing(true);
    else onStart();
  };
  return (
    <Screen title={en.intro[view.task]} supportId={view.supportId}>
      {notice === null ? null : <NoticeBox notice={notice} />}
      <p>{en.intro.asks(view.branding.displayName)}</p>
      {view.role === 'device' ? <p>{en.device.note}</p> : null}
      <Who view={view} />
      {view.otherNetwork ? (
        <p className="notice" role="alert">
          {en.intro.otherNetwork}
        </p>
      ) : null}
      {view.challenge === 'FaceMovementAndLightChallenge' ? <p className="notice">{en.intro.flashes}</p> : null}
      <ul className="tips">
        {en.intro.tips.map((tip) => (
          <li key={tip}>{tip}</li>
        ))}
      </ul>
      {view.consent === null ? null : (
        <fieldset>
          <legend>{en.intro.consentTitle}</legend>
          <p className="consent">{view.consent.text}</p>
          <label>
            <input
              type="checkbox"
              checked={hasConsented}
              aria-describedby={isConsentMissing ? 'consent-missing' : undefined}
              onChange={(event) => {
                setConsented(event.target.checked);
                setConsentMissing(false);
              }}
            />
            <span>{en.intro.consentLabel}</span>
          </label>
          {isConsentMissing ? (
            <p id="consent-missing" className="bad" role="alert">
              {en.intro.consentMissing}
            </p>
          ) : null}
        </fieldset>
      )}
      <button type="button" className="primary" onClick={start}>
        {notice === null ? en.intro.start : en.intro.again}
      </button>
      {view.handoffBy === 'qr' ? (
        <button type="button" className="second" onClick={onHandOver}>
          {en.elsewhere.usePhone}
        </button>
      ) : null}
      <OtherWays onEnd={onEnd} />
      <p className="quiet">
        {en.intro.attemptsLeft(view.attemptsLeft)}
        {minutesLeft === null ? null : ` · ${en.intro.endsSoon(minutesLeft)}`}
      </p>
    </Screen>
  );
};
