import type { SignedOutReason } from '../session/sign-in.ts';
import { failures } from './en/failures.ts';

/** The words of the frame around every page. A page's own stand in `en/{page}.ts` and are loaded with it. */
export const en = {
  product: 'Identity Portal',
  navigation: {
    label: 'Pages of the portal',
    open: 'Open the navigation',
    close: 'Close the navigation',
    overview: 'Overview',
    integrations: 'Integrations',
    users: 'Users',
    transactions: 'Transactions',
    audit: 'Audit log',
    people: 'People',
    settings: 'Settings',
    skip: 'Skip to the page',
  },
  top: {
    appearance: 'Appearance',
    light: 'Light',
    dark: 'Dark',
    system: 'As the device',
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
      failed: 'The sign-in did not work',
    } satisfies Record<SignedOutReason, string>,
    text: {
      'signed-out': 'Sign in to go on.',
      idle: 'Nobody used the portal for 15 minutes. Sign in again to go on where you were.',
      ended: 'Sign in again to go on where you were.',
      failed: 'The sign-in service gave no usable answer. Try again; if it goes on, ask whoever runs this portal.',
    } satisfies Record<SignedOutReason, string>,
  },
  again: {
    title: 'Sign in again to do this',
    text: 'Secrets, people and deletions ask for a sign-in of the last five minutes. You come back to this page; what you typed is kept.',
    go: 'Sign in again',
    cancel: 'Cancel',
    back: 'You are signed in again. Go on with what you were about to do.',
  },
  ending: {
    idle: {
      title: 'Are you still there?',
      text: (time: string) => `Nobody used the portal for a while. At ${time} you are signed out.`,
      go: 'Stay signed in',
      close: 'Close',
    },
    limit: {
      title: 'Your session ends soon',
      text: (time: string) =>
        `A session lasts 12 hours, until ${time}. Sign in again now, or finish first what is open here.`,
      go: 'Sign in again',
      close: 'Later',
    },
  },
  unsaved: {
    title: 'Leave without saving?',
    text: 'What you changed on this page is not saved yet.',
    leave: 'Leave',
    stay: 'Stay here',
  },
  page: {
    loading: 'Loading',
    retry: 'Try again',
    supportId: 'Support id',
    notFoundTitle: 'There is no such page',
    notFoundText: 'The address is wrong, or what stood here was deleted.',
    toStart: 'Go to the first page',
    noPermissionTitle: 'Your role does not show this',
    noPermissionText: 'An owner of the account can change your role.',
    brokenTitle: 'The page could not be shown',
    brokenText: 'A new version of the portal may have been installed. Load the page again.',
    reload: 'Load again',
  },
  failures,
};
