import type { ReactElement } from 'react';
import { Hint, PublicOutcome, type SessionView } from '../../contract/api/session.ts';
import type { CallFailure, CameraProblem, Notice } from '../../web/capture/machine.ts';
import { Failed, Finished, Intro, Working } from '../../web/capture/screens.tsx';
import { en } from '../../web/capture/text/en.ts';
import { VIEW } from './session-view.ts';

const nothing = () => {};
const intro = (view: Partial<SessionView>, notice: Notice | null = null) => (
  <Intro view={{ ...VIEW, ...view }} notice={notice} onStart={nothing} onEnd={nothing} />
);
const again: Notice = { kind: 'again', outcome: 'not_verified', hints: Hint.options };

/** Names as people really have them: long, without a break, from right to left. */
const HARD_NAMES = {
  app: 'Internationale Genossenschaftsbank für Landwirtschaft, Fischerei und Forsten — Kundenportal (Vorschau)',
  account: 'wolfeschlegelsteinhausenbergerdorff•••@very-long-subdomain.of-some.example.com',
  branding: { ...VIEW.branding, displayName: 'بنك الميناء الدولي للتجارة والاستثمار', accentColor: '#ffd400' },
} as const;

/** Every screen of the capture page, by a name for test and picture. */
export const CAPTURE_SCREENS: Readonly<Record<string, ReactElement>> = {
  loading: <Working title={en.loading} />,
  enrol: intro({}),
  'enrol, warnings': intro({ otherNetwork: true, expiresAt: VIEW.now + 30, attemptsLeft: 1 }),
  'enrol, hard names': intro(HARD_NAMES),
  verify: intro({ task: 'verify', consent: null, challenge: 'FaceMovementChallenge' }),
  'verify, nothing known': intro({ task: 'verify', consent: null, app: null, account: null }),
  'verify, again': intro({ task: 'verify', consent: null, attemptsLeft: 1 }, again),
  'verify, again after expiry': intro({ task: 'verify', consent: null }, { ...again, outcome: 'expired', hints: [] }),
  ...Object.fromEntries(
    (Object.keys(en.camera) as CameraProblem[]).map((problem) => [
      `camera ${problem}`,
      intro({ task: 'verify', consent: null }, { kind: 'camera', problem }),
    ]),
  ),
  ...Object.fromEntries(
    PublicOutcome.options.map((outcome) => [
      `finished ${outcome}`,
      <Finished
        key={outcome}
        outcome={outcome}
        view={{ ...VIEW, lockedUntil: outcome === 'locked' ? VIEW.now + 1800 : null }}
      />,
    ]),
  ),
  'finished, handed over before': <Finished outcome="verified" view={{ ...VIEW, returnable: false }} />,
  ...Object.fromEntries(
    (Object.keys(en.failures) as CallFailure[]).map((failure) => [
      `failed ${failure}`,
      <Failed key={failure} failure={failure} supportId="ABCD-EFGH" onReload={nothing} />,
    ]),
  ),
};
