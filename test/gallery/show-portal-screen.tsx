import '@cloudscape-design/global-styles/index.css';
import '../../web/portal/styles.css';
import { createRoot } from 'react-dom/client';
import { createMemoryRouter } from 'react-router';
import { RouterProvider } from 'react-router/dom';
import { PortalApi } from '../../web/portal/api/client.ts';
import { ROUTES } from '../../web/portal/routes.tsx';
import { SessionContext, type SignedIn } from '../../web/portal/session/session-context.ts';
import type { Session } from '../../web/portal/session/sign-in.ts';
import { applyStoredAppearance } from '../../web/portal/shell/appearance.ts';
import { SignedOut } from '../../web/portal/shell/signed-out.tsx';
import { cannedFetch } from './canned-fetch.ts';
import { PORTAL_SCREENS, type PortalScreen } from './portal-screens.ts';

const nothing = (): void => {};

const sessionOf = ({ ending }: PortalScreen): SignedIn => ({
  // The client only needs the session's token.
  api: new PortalApi({ token: async () => 'none' } as unknown as Session, nothing),
  signOut: nothing,
  ending,
  signInAgain: nothing,
  isBackForAction: false,
  isLeaving: () => false,
});

const buttonNamed = (name: string): HTMLElement | undefined =>
  [...document.querySelectorAll<HTMLElement>('button, a[role=button], [role=menuitem]')].find(
    (button) => button.textContent?.trim() === name && !button.hasAttribute('disabled'),
  );

/** Presses the button as soon as it is on the page. */
const press = (name: string): Promise<void> =>
  new Promise((resolve) => {
    const look = (): void => {
      const button = buttonNamed(name);
      if (button === undefined) return;
      watcher.disconnect();
      button.click();
      resolve();
    };
    const watcher = new MutationObserver(look);
    watcher.observe(document.body, { childList: true, subtree: true, attributes: true });
    look();
  });

/** Renders one page of the portal with canned answers instead of the service. */
export const showPortalScreen = async (root: HTMLElement, name: string): Promise<void> => {
  const screen = PORTAL_SCREENS[name];
  if (screen === undefined) throw new Error(`no screen ${name}`);
  applyStoredAppearance();
  window.fetch = cannedFetch(screen.answers, screen.role);
  const router = createMemoryRouter(ROUTES, { initialEntries: [screen.path] });
  createRoot(root).render(
    screen.signedOut === null ? (
      <SessionContext value={sessionOf(screen)}>
        <RouterProvider router={router} />
      </SessionContext>
    ) : (
      <SignedOut reason={screen.signedOut} onSignIn={nothing} />
    ),
  );
  for (const button of screen.presses) await press(button);
};
