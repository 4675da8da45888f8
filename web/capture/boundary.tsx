import { Component, type ReactNode, useState } from 'react';
import type { SessionView } from '../../contract/api/session.ts';
import type { SessionApi } from './api.ts';
import { Screen } from './screen-parts.tsx';
import { OtherWays } from './screens.tsx';
import type { EndReason } from './states.ts';
import { en } from './text/en.ts';
import { enBroken } from './text/en-camera.ts';

interface BrokenProps {
  /** The sign-in as it was last read; null before. */
  readonly view: SessionView | null;
  readonly api: SessionApi;
}

/** The page could not be drawn: says so, with a way on that needs nothing of what broke. */
export const Broken = ({ view, api }: BrokenProps) => {
  const [isStuck, setStuck] = useState(false);
  const end = (reason: EndReason): void => {
    api.end(reason).then(
      () => location.replace(view?.returnPath ?? '/'),
      () => setStuck(true),
    );
  };
  return (
    <Screen title={enBroken.title} supportId={view?.supportId ?? null}>
      <p role="alert">{isStuck ? en.failures.offline.text : enBroken.text}</p>
      <button type="button" className="primary" onClick={() => location.reload()}>
        {en.reload}
      </button>
      {view === null || view.role === 'device' ? null : <OtherWays onEnd={end} />}
    </Screen>
  );
};

interface Props extends Pick<BrokenProps, 'api'> {
  /** Asked when the page breaks. */
  readonly lastView: () => SessionView | null;
  readonly children: ReactNode;
}

/**
 * Stands around the page: whatever breaks inside shows `Broken` instead of nothing. What was inside is unmounted, which ends the
 * camera and gives an open try back (`use-page.ts`).
 */
export class Boundary extends Component<Props, { readonly isBroken: boolean }> {
  override state = { isBroken: false };

  static getDerivedStateFromError(): { readonly isBroken: boolean } {
    return { isBroken: true };
  }

  override render(): ReactNode {
    const { api, lastView, children } = this.props;
    return this.state.isBroken ? <Broken view={lastView()} api={api} /> : children;
  }
}
