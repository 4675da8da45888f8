import Button from '@cloudscape-design/components/button';
import Link from '@cloudscape-design/components/link';
import type { ReactNode } from 'react';
import { useHref, useNavigate } from 'react-router';

/** Navigates in this tab, unless the click asks the browser for another one. */
const useFollow = (to: string) => {
  const [href, navigate] = [useHref(to), useNavigate()];
  const onFollow = (event: { preventDefault(): void; detail: { external?: boolean } }): void => {
    event.preventDefault();
    void navigate(to);
  };
  return { href, onFollow };
};

/** A link to a page of the portal; `to` as in the route table, e.g. `/integrations`. */
export const PageLink = ({ to, children }: { to: string; children: ReactNode }) => (
  <Link {...useFollow(to)}>{children}</Link>
);

/** A button that is a link to a page of the portal. */
export const PageButton = (props: { to: string; children: ReactNode; variant?: 'primary' | 'normal' }) => (
  <Button {...useFollow(props.to)} variant={props.variant ?? 'normal'}>
    {props.children}
  </Button>
);
