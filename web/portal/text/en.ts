import type { SignedOutReason } from '../session/sign-in.ts';
import { failures } from './en/failures.ts';

/** Texts of the frame of every page. Each page's own texts are in `en/{page}.ts` and are loaded with it. */
export const en = {
  product: 'Identity Portal',
  navigation: {
    label: 'Portal pages',
    open: 'Open the navigation',
    close: 'Close the navigation',
    overview: 'Overview',
    integrations: 'Integrations',
    users: 'Users',
    transactions: 'Logins',
    audit: 'Audit log',
    people: 'Members',
    settings: 'Settings',
    skip: 'Skip to the page',
  },
  top: {
    appearance: 'Appearance',
    light: 'Light',
    dark: 'Dark',
    system: 'Same as the device',
    signOut: 'Sign out',
    dismiss: 'Dismiss',
    roles: { owner: 'Owner', admin: 'Admin', viewer: 'Viewer' },
  },
  signIn: {
    starting: 'Signing you in',
    button: 'Sign in',
    title: {
      'signed-out': 'You are signed out',
      idle: 'You were signed out',
      ended: 'Your session has ended',
      failed: 'Sign-in failed',
    } satisfies Record<SignedOutReason, string>,
    text: {
      'signed-out': 'Sign in to continue.',
      idle: 'You were inactive for 15 minutes. Sign in again to continue where you left off.',
      ended: 'Sign in again to continue where you left off.',
      failed:
        'The sign-in service did not give a usable answer. Try again. If it keeps failing, ask whoever runs this portal.',
    } satisfies Record<SignedOutReason, string>,
  },
  again: {
    title: 'Sign in again to do this',
    text: 'Photos, secrets, members and deletions need a sign-in within the last five minutes. You will come back to this page, and what you typed is kept.',
    go: 'Sign in again',
    cancel: 'Cancel',
    back: 'You are signed in again. Continue with what you were about to do.',
  },
  ending: {
    idle: {
      title: 'Are you still there?',
      text: (time: string) => `The portal has not been used for a while. You will be signed out at ${time}.`,
      go: 'Stay signed in',
      close: 'Close',
    },
    limit: {
      title: 'Your session ends soon',
      text: (time: string) =>
        `A session lasts 12 hours; yours ends at ${time}. Sign in again now, or finish what you have open first.`,
      go: 'Sign in again',
      close: 'Later',
    },
  },
  unsaved: {
    title: 'Leave without saving?',
    text: 'Your changes on this page have not been saved yet.',
    leave: 'Leave',
    stay: 'Stay here',
  },
  page: {
    loading: 'Loading',
    retry: 'Try again',
    supportId: 'Support id',
    mayHaveTakenEffect: 'Your change may have been made anyway. Reload the page to check before you try again.',
    notFoundTitle: 'Page not found',
    notFoundText: 'The address is wrong, or what was here has been deleted.',
    toStart: 'Go to the start page',
    noPermissionTitle: 'Your role does not allow this page',
    noPermissionText: 'An owner of the account can change your role.',
    brokenTitle: 'The page could not be shown',
    brokenText: 'A new version of the portal may have been installed. Reload the page.',
    reload: 'Reload',
  },
  failures,
};
