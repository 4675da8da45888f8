/** Label and effect on users of every option of an integration. */
export interface OptionText {
  readonly label: string;
  readonly help: string;
  readonly choices?: Readonly<Record<string, string>>;
}

export const optionSections = {
  basics: 'Name and domains',
  enrollment: 'Enrollment and device',
  lockout: 'Lock',
  session: 'Face check',
  consent: 'Consent and retention',
  branding: 'Branding',
} as const;

export const optionTexts: Readonly<Record<string, OptionText>> = {
  name: { label: 'Name', help: 'Only operators see it.' },
  enabled: {
    label: 'Enabled',
    help: 'When off, every login that asks for a face is denied with face_configuration. Faces are kept.',
  },
  domains: {
    label: 'Auth0 domains',
    help: 'One per line: your tenant’s domain, such as acme.eu.auth0.com, and every custom domain. Logins from other domains are refused.',
  },
  allowSelfEnrollment: {
    label: 'Users may enroll by themselves',
    help: 'When off, users without a face cannot log in until someone invites them to enroll.',
  },
  selfEnrollmentRequires: {
    label: 'What enrollment requires',
    help: 'Whoever holds only a password can enroll a face of their own at the first login. Require more where that matters.',
    choices: {
      nothing: 'Nothing more than the login',
      'verified-email': 'A verified e-mail address',
      'another-factor': 'Another factor in Auth0',
      invitation: 'An invitation',
    },
  },
  enrollmentFlow: {
    label: 'Where users enroll',
    help: 'Inline: in the browser that logs in. E-mail: on the device that opens a link sent to the user’s address.',
    choices: { inline: 'Inline, in the same browser', email: 'By a link in an e-mail' },
  },
  verificationFlow: {
    label: 'Where users verify',
    help: 'Inline: in the browser that logs in. E-mail: on the device that opens a link sent to the user’s address.',
    choices: { inline: 'Inline, in the same browser', email: 'By a link in an e-mail' },
  },
  phoneHandoff: {
    label: 'Users may continue on a phone',
    help: 'The page shows a code for the phone’s camera. Links that are passed on can trick users: leave this off unless desktops have no camera.',
  },
  'lockout.enabled': {
    label: 'Lock after failed attempts',
    help: 'When off, the number of guesses is not limited. Leave it on.',
  },
  'lockout.maxFailedAttempts': {
    label: 'Failed attempts until the lock',
    help: 'The user is locked after this many failures in a row, across all logins.',
  },
  'lockout.windowSeconds': {
    label: 'Failures count for',
    help: 'A failure older than this no longer counts towards the lock.',
  },
  'lockout.lockSeconds': {
    label: 'Lock lasts',
    help: 'The user is shown when the lock ends. An operator can end it earlier.',
  },
  attemptsPerSession: {
    label: 'Attempts in one login',
    help: 'After this many failures the login ends, and the user has to start again in the app.',
  },
  sessionTimeoutSeconds: {
    label: 'Time for the face check',
    help: 'How long the user has on the capture page. After that, the login has to start again.',
  },
  livenessThreshold: {
    label: 'Liveness threshold',
    help: 'How sure the check must be that a real person is in front of the camera. A higher value refuses more pictures and screens, and more honest users in bad light.',
  },
  similarityThreshold: {
    label: 'Similarity threshold',
    help: 'How alike the two faces must be. AWS advises 99 for a second factor. A lower value accepts more look-alikes.',
  },
  challenge: {
    label: 'Challenge',
    help: 'Light flashes catch more attacks. Without them, the check suits users who cannot bear flashing light.',
    choices: {
      FaceMovementAndLightChallenge: 'Movement and colored light (stronger)',
      FaceMovementChallenge: 'Movement only (no flashes)',
    },
  },
  'consent.text': {
    label: 'Consent text',
    help: 'Users read and accept it before the camera opens. A changed text is a new version, and every user is asked again.',
  },
  'consent.version': {
    label: 'Consent version',
    help: 'Stored with each user’s consent. A changed text gets today’s date unless you choose another name.',
  },
  'consent.retentionDays': {
    label: 'Delete unused faces after',
    help: 'A user who has not used their face for this long must enroll again. The consent text should name the same time.',
  },
  'branding.displayName': { label: 'Organization', help: 'Users see on the page who asks for their face.' },
  'branding.supportUrl': {
    label: 'Support page',
    help: 'Where users get help: an https address. Shown on every screen that ends a login.',
  },
  'branding.accentColor': {
    label: 'Color',
    help: 'Of the main button, as #rrggbb in lower case. Its text turns black or white, whichever is easier to read.',
  },
  noticesByEmail: {
    label: 'Notify users by e-mail when a face is enrolled',
    help: 'The e-mail says how to report it if it was someone else.',
  },
  verificationEvents: {
    label: 'Send webhooks an event for each verification',
    help: 'For webhooks that subscribe to “user.verified”. One event for every login: leave this off unless a receiver needs them.',
  },
};

export const units = { days: 'days', percent: 'percent', attempts: 'attempts', minutes: 'minutes' } as const;

const DURATIONS = [
  [86_400, 'day'],
  [3600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
] as const;

/** A duration as text, in the largest unit that gives a whole number: `90` is “90 seconds”, `3600` “1 hour”. */
export const durationText = (seconds: number): string => {
  const [size, name] = DURATIONS.find(([size]) => seconds % size === 0) ?? [1, 'second'];
  const count = seconds / size;
  return `${count.toLocaleString('en')} ${name}${count === 1 ? '' : 's'}`;
};

/** Under a field: its limits and its current value. */
export const optionBounds = {
  number: (min: number, max: number, unit: string) => `${min} to ${max} ${unit}`,
  minutes: (min: number, max: number, seconds: number) =>
    `${durationText(min)} to ${durationText(max)}${seconds >= min && seconds <= max ? `. Now: ${durationText(seconds)}` : ''}`,
  label: (label: string, unit: string) => `${label} (${unit})`,
};

export const optionErrors = {
  number: (min: number, max: number, unit: string) => `Enter a number from ${min} to ${max} (${unit}).`,
  minutes: (min: string, max: string) => `Enter a time from ${min} to ${max}, in minutes.`,
  text: (min: number, max: number) => `Enter ${min} to ${max} characters, without line breaks or control characters.`,
  longText: (min: number, max: number) => `Enter ${min} to ${max} characters.`,
  lines: 'Enter 1 to 10 host names in lower case, one per line, without https:// and without a path.',
  url: 'Enter an address that begins with https://, or leave it empty.',
  color: 'Enter a color such as #0a7d5c, or leave it empty.',
  usedVersion: 'Enter another name: another text of this integration already has this one.',
  other: 'This value is not accepted.',
};
