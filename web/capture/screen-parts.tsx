import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { Notice } from './states.ts';
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

/** A short wait, and what the user can do during it. */
export const Working = ({ title, children }: { title: string; children?: ReactNode }) => (
  <Screen title={title}>
    <div className="spinner" role="progressbar" aria-label={title} />
    {children}
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

/** @param canRetry false: no attempt is left, and no text may suggest another */
export const NoticeBox = ({ notice, canRetry = true }: { notice: Notice; canRetry?: boolean }) => {
  const { title, text } = noticeText(notice);
  return (
    <div className="notice" role="alert">
      <strong>{title}</strong>
      <p>{canRetry ? text : en.intro.noTries}</p>
      {notice.kind === 'camera' ? <p>{en.noTryUsed}</p> : null}
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
