import { Component, type ReactNode, useState } from 'react';
import type { SessionView } from '../../contract/api/session.ts';
import type { SessionApi } from './api.ts';
import { Screen } from './screen-parts.tsx';
import { OtherWays } from './screens.tsx';
import type { EndReason } from './states.ts';
import { en } from './text/en.ts';
import { enBroken } from './text/en-camera.ts';

interface BrokenProps {
  /** The sign-in as last read; null before. */
  readonly view: SessionView | null;
  readonly api: SessionApi;
}

/** The page could not be rendered: says so and offers a way on that does not depend on the broken part. */
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
  /** Called when the page breaks. */
  readonly lastView: () => SessionView | null;
  readonly children: ReactNode;
}

/**
 * Error boundary of the page: an error inside shows `Broken` instead of nothing. The content is unmounted, which stops the
 * camera and releases an open attempt (`use-page.ts`).
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
