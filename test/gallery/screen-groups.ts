import { CAPTURE_SCREENS } from '../support/capture-screens.tsx';
import { MAILS, SERVICE_PAGES } from '../support/service-pages.ts';
import { PORTAL_SCREENS } from './portal-screens.ts';

/** Names of every screen, by group: the list for the gallery and for the tests of all screens. */
export const SCREEN_GROUPS = {
  capture: Object.keys(CAPTURE_SCREENS),
  service: Object.keys(SERVICE_PAGES),
  mail: Object.keys(MAILS),
  portal: Object.keys(PORTAL_SCREENS),
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type ScreenGroup = keyof typeof SCREEN_GROUPS;
export type ScreenGroups = Readonly<Record<ScreenGroup, readonly string[]>>;
