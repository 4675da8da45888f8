import { lazy, type SubmitEvent, Suspense, useEffect, useState } from 'react';
import type { SessionView } from '../../contract/api/session.ts';
import { loadPart } from './load-part.ts';
import { NoticeBox, Screen } from './screen-parts.tsx';
import { type IntroProps, OtherWays, Who } from './screens.tsx';
import type { Notice } from './states.ts';
import { en } from './text/en.ts';

const QrCode = lazy(async () => {
  const part = await loadPart('qr-code', () => import('./qr-code.tsx'));
  return { default: part.QrCode };
});

interface ElsewhereProps extends Pick<IntroProps, 'onEnd'> {
  readonly view: SessionView;
  readonly link: string | null;
  readonly notice: Notice | null;
  readonly codeTriesLeft: number | null;
  readonly onMakeLink: (transport: 'email' | 'qr') => Promise<void>;
  readonly onCode: (code: string) => Promise<void>;
  readonly onStay: () => void;
}

/** Runs one call at a time; the button shows that it is busy. */
const useBusy = (): readonly [boolean, (work: () => Promise<void>) => void] => {
  const [isBusy, setBusy] = useState(false);
  const run = (work: () => Promise<void>): void => {
    setBusy(true);
    void work().finally(() => setBusy(false));
  };
  return [isBusy, run];
};

const CodeForm = ({ codeTriesLeft, onCode }: Pick<ElsewhereProps, 'codeTriesLeft' | 'onCode'>) => {
  const [code, setCode] = useState('');
  const [isMalformed, setMalformed] = useState(false);
  const [isBusy, run] = useBusy();
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const digits = code.replace(/\D/g, '');
    setMalformed(digits.length !== 6);
    if (digits.length === 6) run(() => onCode(digits));
  };
  const problem = isMalformed
    ? en.elsewhere.codeForm
    : codeTriesLeft === null
      ? null
      : en.elsewhere.codeWrong(codeTriesLeft);
  return (
    <form className="code" onSubmit={submit} noValidate>
      <label htmlFor="code">{en.elsewhere.codeLabel}</label>
      <input
        id="code"
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={9}
        value={code}
        aria-invalid={problem !== null}
        aria-describedby={problem === null ? undefined : 'code-problem'}
        onChange={(event) => setCode(event.target.value)}
      />
      {problem === null ? null : (
        <p id="code-problem" className="bad" role="alert">
          {problem}
        </p>
      )}
      <button type="submit" className="primary" disabled={isBusy}>
        {en.elsewhere.codeSend}
      </button>
    </form>
  );
};

const ByEmail = ({ view, onMakeLink }: Pick<ElsewhereProps, 'view' | 'onMakeLink'>) => {
  const [isBusy, run] = useBusy();
  const isSent = view.handoff !== null;
  return (
    <>
      <p role="status">{isSent ? en.elsewhere.email.sent : en.elsewhere.email.ask(view.account)}</p>
      <button
        type="button"
        className={isSent ? 'second' : 'primary'}
        disabled={isBusy}
        onClick={() => run(() => onMakeLink('email'))}
      >
        {isSent ? en.elsewhere.email.again : en.elsewhere.email.send}
      </button>
    </>
  );
};

/** True once the link has expired, by the server's clock. */
const useIsOver = (view: SessionView): boolean => {
  const endsAt = view.handoff?.endsAt ?? null;
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    setOver(false);
    if (endsAt === null) return;
    const timer = setTimeout(() => setOver(true), Math.max(0, endsAt - view.now) * 1000);
    return () => clearTimeout(timer);
  }, [endsAt, view.now]);
  return isOver;
};

const ByPhone = ({
  view,
  link,
  onMakeLink,
  onStay,
}: Omit<ElsewhereProps, 'onEnd' | 'notice' | 'codeTriesLeft' | 'onCode'>) => {
  const [isBusy, run] = useBusy();
  const isOver = useIsOver(view);
  const needsLink = link === null;
  useEffect(() => {
    if (needsLink) void onMakeLink('qr');
  }, [needsLink, onMakeLink]);
  return (
    <>
      <p role="status">{isOver ? en.elsewhere.qr.over : en.elsewhere.qr.ask}</p>
      {link === null || isOver ? null : (
        <Suspense fallback={<p>{en.elsewhere.qr.making}</p>}>
          <QrCode text={link} alt={en.elsewhere.qr.alt} />
        </Suspense>
      )}
      {isOver ? (
        <button type="button" className="primary" disabled={isBusy} onClick={() => run(() => onMakeLink('qr'))}>
          {en.elsewhere.qr.again}
        </button>
      ) : null}
      <button type="button" className="second" onClick={onStay}>
        {en.elsewhere.useThis}
      </button>
    </>
  );
};

const Opened = ({ view, onStay }: Pick<ElsewhereProps, 'view' | 'onStay'>) => (
  <>
    <p role="status">{view.runsHere && view.handoffBy === 'email' ? en.elsewhere.openedHere : en.elsewhere.opened}</p>
    {view.handoff?.otherNetwork ? (
      <p className="notice" role="alert">
        {en.elsewhere.otherNetwork}
      </p>
    ) : null}
    {view.runsHere ? (
      <button type="button" className="second" onClick={onStay}>
        {view.handoffBy === 'email' ? en.elsewhere.goOnHere : en.elsewhere.useThis}
      </button>
    ) : (
      <div className="spinner" role="progressbar" aria-label={en.elsewhere.opened} />
    )}
  </>
);

const titleOf = (view: SessionView): string => {
  if (view.handoff?.state === 'passed') return en.elsewhere.codeTitle;
  return view.handoffBy === 'email' ? en.elsewhere.email.title : en.elsewhere.qr.title;
};

const Step = (props: ElsewhereProps) => {
  const { view } = props;
  if (view.handoff?.state === 'passed') return <CodeForm {...props} />;
  if (view.handoff?.state === 'opened') return <Opened {...props} />;
  return view.handoffBy === 'email' ? <ByEmail {...props} /> : <ByPhone {...props} />;
};

/** The browser that signs in, while the check runs on another device. */
export const Elsewhere = (props: ElsewhereProps) => {
  const { view, notice, onEnd } = props;
  return (
    <Screen title={titleOf(view)} supportId={view.supportId}>
      {notice === null ? null : <NoticeBox notice={notice} />}
      <Who view={view} />
      <Step {...props} />
      <OtherWays onEnd={onEnd} />
    </Screen>
  );
};

/** The other device, after its check passed. */
export const ShowCode = ({
  view,
  code,
  secondsLeft,
  onAgain,
}: {
  view: SessionView;
  code: string;
  secondsLeft: number;
  onAgain: () => void;
}) => {
  const [isOver, setOver] = useState(secondsLeft <= 0);
  useEffect(() => {
    const timer = setTimeout(() => setOver(true), Math.max(0, secondsLeft) * 1000);
    return () => clearTimeout(timer);
  }, [secondsLeft]);
  if (isOver) {
    return (
      <Screen title={en.device.codeTitle} supportId={view.supportId}>
        <p role="status">{en.device.codeOver}</p>
        <button type="button" className="primary" onClick={onAgain}>
          {en.device.again}
        </button>
      </Screen>
    );
  }
  return (
    <Screen title={en.device.codeTitle} supportId={view.supportId}>
      <p className="digits">
        <span className="hidden">{[...code].join(' ')}</span>
        <span aria-hidden="true">{`${code.slice(0, 3)} ${code.slice(3)}`}</span>
      </p>
      <p>{en.device.codeText}</p>
    </Screen>
  );
};
