import type { ReactElement } from 'react';
import { PublicOutcome } from '../../contract/api/outcome.ts';
import { Hint, type SessionView } from '../../contract/api/session.ts';
import { sessionApi } from '../../web/capture/api.ts';
import { Broken } from '../../web/capture/boundary.tsx';
import { Waiting } from '../../web/capture/camera-screen.tsx';
import { Failed, Finished } from '../../web/capture/end-screens.tsx';
import { Elsewhere, ShowCode } from '../../web/capture/handoff-screens.tsx';
import { Working } from '../../web/capture/screen-parts.tsx';
import { Intro } from '../../web/capture/screens.tsx';
import type { CallFailure, CameraProblem, Notice } from '../../web/capture/states.ts';
import { en } from '../../web/capture/text/en.ts';
import { enWaiting } from '../../web/capture/text/en-camera.ts';
import { VIEW } from './session-view.ts';

const nothing = () => {};
const intro = (view: Partial<SessionView>, notice: Notice | null = null) => (
  <Intro view={{ ...VIEW, ...view }} notice={notice} onStart={nothing} onHandOver={nothing} onEnd={nothing} />
);
const later = async () => {};
const elsewhere = (
  handoff: SessionView['handoff'],
  view: Partial<SessionView> = {},
  codeTriesLeft: number | null = null,
) => (
  <Elsewhere
    view={{ ...VIEW, runsHere: false, handoffBy: 'email', handoff, ...view }}
    link={handoff?.transport === 'qr' ? `https://verify.example.com/s/device/${'x'.repeat(120)}` : null}
    notice={null}
    codeTriesLeft={codeTriesLeft}
    onMakeLink={later}
    onCode={later}
    onStay={nothing}
    onEnd={nothing}
  />
);
const HANDOFF = {
  transport: 'email',
  state: 'offered',
  otherNetwork: false,
  endsAt: VIEW.now + 600,
  attempt: null,
} as const;
const again: Notice = { kind: 'again', outcome: 'not_verified', hints: Hint.options };

/** Realistic difficult names: long, without a break, from right to left. */
const HARD_NAMES = {
  app: 'Internationale Genossenschaftsbank für Landwirtschaft, Fischerei und Forsten — Kundenportal (Vorschau)',
  account: 'wolfeschlegelsteinhausenbergerdorff•••@very-long-subdomain.of-some.example.com',
  branding: { ...VIEW.branding, displayName: 'بنك الميناء الدولي للتجارة والاستثمار', accentColor: '#ffd400' },
} as const;

/** Every screen of the capture page, by a name for test and picture. */
export const CAPTURE_SCREENS: Readonly<Record<string, ReactElement>> = {
  loading: <Working title={en.loading} />,
  enroll: intro({}),
  'enroll, warnings': intro({ otherNetwork: true, expiresAt: VIEW.now + 30, attemptsLeft: 1 }),
  'enroll, hard names': intro(HARD_NAMES),
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
  'camera problem, no try left': intro({ attemptsLeft: 0 }, { kind: 'camera', problem: 'connection_lost' }),
  'browser too old': (
    <Intro
      view={{ ...VIEW, handoffBy: 'qr' }}
      notice={null}
      canRun={false}
      onStart={nothing}
      onHandOver={nothing}
      onEnd={nothing}
    />
  ),
  'waiting for the camera': (
    <Waiting title={enWaiting.camera} hint={enWaiting.cameraHint} isLong={false} send={nothing} />
  ),
  'waiting for the camera, long': (
    <Waiting title={enWaiting.camera} hint={enWaiting.cameraHint} isLong send={nothing} />
  ),
  'waiting for the script, long': <Waiting title={en.starting} hint={enWaiting.slowHint} isLong send={nothing} />,
  broken: <Broken view={VIEW} api={sessionApi('')} />,
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
  'enroll, phone offered': intro({ handoffBy: 'qr' }),
  'verify, on the other device': intro({
    task: 'verify',
    consent: null,
    role: 'device',
    handoff: { ...HANDOFF, state: 'opened' },
  }),
  'link not sent': elsewhere(null),
  'link sent': elsewhere(HANDOFF),
  'code drawn': elsewhere({ ...HANDOFF, transport: 'qr' }, { handoffBy: 'qr', runsHere: true }),
  'link opened elsewhere': elsewhere({ ...HANDOFF, state: 'opened', otherNetwork: true }),
  'link opened here': elsewhere({ ...HANDOFF, state: 'opened' }, { runsHere: true }),
  'code asked for': elsewhere({ ...HANDOFF, state: 'passed', attempt: 1 }),
  'code wrong': elsewhere({ ...HANDOFF, state: 'passed', attempt: 1 }, {}, 1),
  'code shown': <ShowCode view={{ ...VIEW, role: 'device' }} code="012345" secondsLeft={120} onAgain={nothing} />,
  'code shown, too old': (
    <ShowCode view={{ ...VIEW, role: 'device' }} code="012345" secondsLeft={0} onAgain={nothing} />
  ),
  'finished on the other device': <Finished outcome="verified" view={{ ...VIEW, role: 'device', returnable: false }} />,
  'finished, handed over before': <Finished outcome="verified" view={{ ...VIEW, returnable: false }} />,
  ...Object.fromEntries(
    (Object.keys(en.failures) as CallFailure[]).map((failure) => [
      `failed ${failure}`,
      <Failed key={failure} failure={failure} supportId="ABCD-EFGH" view={VIEW} onReload={nothing} onEnd={nothing} />,
    ]),
  ),
};
