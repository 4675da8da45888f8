import type { SessionView } from '../../contract/api/session.ts';
import type { Started } from '../../web/capture/states.ts';

/** A login as the capture page reads it: a first enrollment, nothing tried yet. */
export const VIEW: SessionView = {
  supportId: 'ABCD-EFGH',
  task: 'enroll',
  role: 'login',
  runsHere: true,
  handoffBy: null,
  handoff: null,
  state: 'open',
  outcome: null,
  lockedUntil: null,
  returnable: true,
  branding: { displayName: 'Harbour Bank', supportUrl: 'https://help.example.com/face', accentColor: null },
  app: 'Harbour Bank',
  account: 'a•••@example.com',
  otherNetwork: false,
  consent: {
    version: '2026-11',
    text: 'Harbour Bank compares your face with the one you enroll here.',
    retentionDays: 365,
  },
  challenge: 'FaceMovementAndLightChallenge',
  attemptsLeft: 3,
  expiresAt: 1_900_000_600,
  now: 1_900_000_000,
  returnPath: '/s/return/AAAAAAAAAAAAAAAA',
};

export const STARTED: Started = {
  state: 'started',
  attempt: 1,
  attemptsLeft: 2,
  livenessSessionId: '00000000-0000-0000-0000-000000000000',
  region: 'eu-west-1',
  challenge: 'FaceMovementAndLightChallenge',
  credentials: { accessKeyId: 'ASIA', secretAccessKey: 's', sessionToken: 't', expiresAt: 1_900_000_180 },
};
