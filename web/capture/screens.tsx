import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { SessionView } from '../../contract/api/session.ts';
import type { CallFailure, Notice } from './machine.ts';
import { en } from './text/en.ts';

/** One screen: a heading that takes the focus, so that screen readers start where the page changed. */
export const Screen = ({
  title,
  children,
  supportId,
}: {
  title: string;
  children?: ReactNode;
  supportId?: string | null;
}) => {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = title;
    heading.current?.focus();
  }, [title]);
  return (
    <>
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {children}
      {supportId ? <SupportId id={supportId} /> : null}
    </>
  );
};

const SupportId = ({ id }: { id: string }) => {
  const [isCopied, setCopied] = useState(false);
  return (
    <p className="support">
      {en.supportId} <code>{id}</code>{' '}
      <button
        type="button"
        className="link"
        onClick={() => void navigator.clipboard?.writeText(id).then(() => setCopied(true))}
      >
        {isCopied ? en.copied : en.copy}
      </button>
    </p>
  );
};

/** Something that takes a moment. */
export const Working = ({ title }: { title: string }) => (
  <Screen title={title}>
    <div className="spinner" role="progressbar" aria-label={title} />
  </Screen>
);

const noticeText = (notice: Notice): { readonly title: string; readonly text: string } => {
  switch (notice.kind) {
    case 'camera':
      return en.camera[notice.problem];
    case 'call':
      return en.failures[notice.failure];
    case 'again':
      return notice.outcome === 'expired' ? en.againExpired : en.again;
  }
};

export const NoticeBox = ({ notice }: { notice: Notice }) => {
  const { title, text } = noticeText(notice);
  return (
    <div className="notice" role="alert">
      <strong>{title}</strong>
      <p>{text}</p>
      {notice.kind === 'again' && notice.hints.length > 0 ? (
        <ul>
          {notice.hints.map((hint) => (
            <li key={hint}>{en.hints[hint]}</li>
          ))}
        </ul>
      ) : null}
    </div>
  );
};

const WARN_BEFORE_END_SECONDS = 180;

/** Minutes until the login ends, once that is near; counts on the server's clock from the moment the page read it. */
const useMinutesLeft = (view: SessionView): number | null => {
  const [elapsed, setElapsed] = useState(0);
  useEffect(() => {
    const startedAt = performance.now();
    const timer = setInterval(() => setElapsed(Math.floor((performance.now() - startedAt) / 1000)), 5000);
    return () => clearInterval(timer);
  }, []);
  const secondsLeft = view.expiresAt - view.now - elapsed;
  return secondsLeft < WARN_BEFORE_END_SECONDS ? Math.max(1, Math.ceil(secondsLeft / 60)) : null;
};

export interface IntroProps {
  readonly view: SessionView;
  readonly notice: Notice | null;
  readonly onStart: () => void;
  readonly onHandOver: () => void;
  readonly onEnd: (reason: 'declined' | 'reported') => void;
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

/** The ways out of a check that nobody wants to do. */
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

/** Who asks, for what, and the explicit start: no camera before this button. */
export const Intro = ({ view, notice, onStart, onHandOver, onEnd }: IntroProps) => {
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

const SUCCESS_SHOWN_MS = 1200;

const finishedText = (view: SessionView, text: string): string => {
  if (view.role === 'device') return en.device.done;
  return view.returnable ? text : en.closed;
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
      {view.lockedUntil === null ? null : (
        <p>
          {en.lockedUntil(
            new Date(view.lockedUntil * 1000).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' }),
          )}
        </p>
      )}
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
  onReload,
}: {
  failure: CallFailure;
  supportId: string | null;
  onReload: () => void;
}) => {
  const { title, text } = en.failures[failure];
  return (
    <Screen title={title} supportId={supportId}>
      <p>{text}</p>
      <button type="button" className="primary" onClick={onReload}>
        {en.reload}
      </button>
    </Screen>
  );
};
