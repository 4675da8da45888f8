import { describe, expect, test } from 'vitest';
import { addSeconds, epochSeconds } from '../../../contract/protocol/epoch-seconds.ts';
import { OUTCOMES, type Outcome } from '../../../contract/protocol/outcomes.ts';
import type { EnrollmentNoticeJob } from '../../../lambdas/core/model/job.ts';
import {
  loginEnd,
  type SessionResult,
  sessionOpening,
  type UserChange,
} from '../../../lambdas/core/model/login-end.ts';
import type { Session, Verdict } from '../../../lambdas/core/model/session.ts';

const NOW = epochSeconds(1_900_000_000);
const LOCKOUT = { enabled: true, maxFailedAttempts: 5, windowSeconds: 3600, lockSeconds: 1800 };
const REFERENCE = { referenceId: 'r', objectKey: 'o', wrappedKey: 'w', engine: 'e', enrolledAt: NOW };
const verdictOf = (outcome: Outcome): Verdict => ({
  attempt: 1,
  outcome,
  at: NOW,
  livenessBand: 90,
  similarityBand: null,
});
const PASSED = {
  attempt: 1,
  codeHash: 'h',
  codeEndsAt: NOW,
  triesLeft: 3,
  verdict: verdictOf('verified'),
  reference: null,
};

const SESSION: Session = {
  integrationId: 'int_a',
  jti: 'jti',
  supportId: 'ABCD-EFGH',
  state: 'open',
  tx: 'tx',
  externalId: 'auth0|1',
  iss: 'tenant.eu.auth0.com',
  authState: 'state',
  cid: 'client',
  mode: 'always',
  purpose: 'mfa',
  app: 'App',
  account: 'a***@example.com',
  sealedPii: 'sealed',
  keyGeneration: 1,
  cookieHash: 'cookie-hash',
  task: 'verify',
  challenge: 'FaceMovementChallenge',
  userVersion: 1,
  isInvited: false,
  reference: REFERENCE,
  consentNeeded: false,
  consent: null,
  otherNetwork: false,
  callerIp: '192.0.2.1',
  handoffBy: 'qr',
  handoff: {
    step: 2,
    offers: 1,
    transport: 'qr',
    linkHash: 'l',
    linkEndsAt: NOW,
    openedBy: 'device',
    cookieHash: 'c',
    otherNetwork: false,
    passed: PASSED,
  },
  maxAttempts: 3,
  attempt: null,
  verdicts: [],
  openedAt: addSeconds(NOW, -20),
  expiresAt: addSeconds(NOW, 580),
  outcome: null,
  finishedAt: null,
  lockedUntil: null,
  provenReferenceId: null,
  resultJti: 'result',
  handedOverAt: null,
};

const NOTICE: EnrollmentNoticeJob = {
  kind: 'enrollment-notice',
  integrationId: 'int_a',
  jti: 'jti',
  supportId: 'ABCD-EFGH',
  sealedPii: 'sealed',
  keyGeneration: 1,
  enrolledAt: NOW,
};
const VERIFIED = { change: 'verified', purgeAt: NOW, lockout: LOCKOUT, notifiesWebhooks: true } as const;
const ENROLLED = {
  change: 'enrolled',
  purgeAt: NOW,
  lockout: LOCKOUT,
  reference: { ...REFERENCE, referenceId: 'new' },
  notice: NOTICE,
} as const;

const end = (outcome: Outcome, user: UserChange = { change: 'none' }, more: Partial<SessionResult> = {}) =>
  loginEnd(SESSION, { outcome, now: NOW, verdict: null, lockedUntil: null, user, ...more });
const jobKinds = ({ jobs }: ReturnType<typeof end>) =>
  jobs.map(({ work }) => (work.kind === 'event' ? work.type : work.kind));

describe('the end of a login', () => {
  test.each(OUTCOMES)('%s is recorded and counted once, and leaves no wrapped key', (outcome) => {
    const { session, record, counted } = end(outcome);
    expect(session).toMatchObject({ state: 'finished', outcome, finishedAt: NOW, reference: null });
    expect(session.handoff).toMatchObject({ step: 2, passed: null });
    expect(record).toMatchObject({ outcome, finishedAt: NOW, integrationId: 'int_a', externalId: 'auth0|1' });
    expect(JSON.stringify(record)).not.toMatch(/sealed|192\.0\.2\.1|"w"|cookie-hash/);
    expect(counted.hour).toBe(NOW - (NOW % 3600));
    expect(counted.counts).toMatchObject({ logins: 1, [`outcome_${outcome}`]: 1 });
  });

  test('a verdict is in the session and in the record', () => {
    const verdict = verdictOf('no_match');
    const { session, record } = end('not_live', { change: 'none' }, { verdict });
    expect([session.verdicts, record.verdicts]).toEqual([[verdict], [verdict]]);
  });

  test.each([
    ['a verification', end('verified', VERIFIED, { verdict: verdictOf('verified') }), ['user.verified'], 'r'],
    ['one that the integration has no events for', end('verified', { ...VERIFIED, notifiesWebhooks: false }), [], 'r'],
    ['an enrollment', end('enrolled', ENROLLED), ['enrollment-notice', 'user.enrolled'], 'new'],
    ['one without an address', end('enrolled', { ...ENROLLED, notice: null }), ['user.enrolled'], 'new'],
    ['a report', end('reported'), ['user.reported'], null],
    [
      'the attempt that locks',
      end('locked', { change: 'none' }, { verdict: verdictOf('no_match') }),
      ['user.locked'],
      null,
    ],
    ['a login refused by a lock', end('locked', { change: 'none' }, { lockedUntil: NOW }), [], null],
    ['a decline', end('declined'), [], null],
  ] as const)(
    '%s causes its notice and event, and names the face that it is based on',
    (_name, ended, expected, proven) => {
      expect(jobKinds(ended)).toEqual(expected);
      expect(ended.session.provenReferenceId).toBe(proven);
      for (const { dueAt } of ended.jobs) expect(dueAt).toBe(NOW);
    },
  );
});

describe('the opening of a login', () => {
  test('that is not over has a job for the end of its time, and no record', () => {
    const { ended, jobs } = sessionOpening(SESSION);
    expect(ended).toBeNull();
    expect(jobs).toEqual([
      { work: { kind: 'session-end', integrationId: 'int_a', jti: 'jti' }, dueAt: SESSION.expiresAt },
    ]);
  });
  test('that ends it immediately is recorded and counted', () => {
    const refused: Session = { ...SESSION, state: 'finished', outcome: 'disabled', finishedAt: NOW };
    const { ended, jobs } = sessionOpening(refused);
    expect(ended?.record.outcome).toBe('disabled');
    expect(ended?.counted.counts['outcome_disabled']).toBe(1);
    expect(jobs).toEqual([]);
  });
});
