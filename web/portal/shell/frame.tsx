import Button from '@cloudscape-design/components/button';
import { type ReactNode, useEffect, useState } from 'react';
import { useLocation } from 'react-router';
import { en } from '../text/en.ts';

const texts = en.navigation;

/**
 * Top bar, side navigation, and the page. Cloudscape's AppLayout does the same and more (panels, drawers, dragging), which
 * no page here needs; the portal's README says under Weight why it is not used.
 */
export const Frame = (props: { top: ReactNode; navigation: ReactNode; children: ReactNode }) => {
  const [isOpen, setOpen] = useState(false);
  const { pathname } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: on a phone the navigation closes after a choice.
  useEffect(() => setOpen(false), [pathname]);
  return (
    <div className="frame">
      <a className="skip" href="#page">
        {texts.skip}
      </a>
      <header className="frame-top">{props.top}</header>
      <div className="frame-toggle">
        <Button iconName={isOpen ? 'close' : 'menu'} ariaExpanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? texts.close : texts.open}
        </Button>
      </div>
      <nav className="frame-navigation" data-open={isOpen} aria-label={texts.label}>
        {props.navigation}
      </nav>
      <main id="page" className="frame-page" tabIndex={-1}>
        {props.children}
      </main>
    </div>
  );
};
