import type { PublicOutcome } from '../../../contract/api/outcome.ts';
import type { Hint } from '../../../contract/api/session.ts';
import type { CallFailure, CameraProblem } from '../states.ts';

interface Message {
  readonly title: string;
  readonly text: string;
}

/** Every text of the capture page. Users read “sign-in” here, the everyday word for a login. */
export const en = {
  loading: 'Getting your sign-in ready',
  supportId: 'Support id',
  copy: 'Copy',
  copied: 'Copied',
  intro: {
    enroll: 'Set up your face for signing in',
    verify: 'Confirm that it is you',
    asks: (organization: string) => `${organization} asks you to look into the camera for about 10 seconds.`,
    app: 'Application',
    account: 'Account',
    consentTitle: 'Before we use your face',
    consentLabel: 'I agree to the use of my face as described',
    consentMissing: 'Check the box to continue, or choose another way.',
    flashes:
      'This check shows colored flashes. If flashing lights can make you unwell, do not start; choose another way instead.',
    otherNetwork:
      'This sign-in was started on another network. If someone sent you this link, stop here and choose “This is not me”.',
    tips: [
      'Hold the device upright at eye level.',
      'Find even light, with no window behind you.',
      'Take off sunglasses and masks.',
    ],
    start: 'Start the camera',
    again: 'Try again',
    otherWay: 'Use another way',
    notMe: 'This is not me',
    noTries:
      'You have no tries left in this sign-in. Go back to the application and sign in again, or choose another way.',
    attemptsLeft: (count: number) => (count === 1 ? '1 try left' : `${count} tries left`),
    endsSoon: (minutes: number) =>
      minutes <= 1 ? 'This sign-in ends in a minute.' : `This sign-in ends in ${minutes} minutes.`,
  },
  elsewhere: {
    usePhone: 'Use my phone instead',
    useThis: 'Use this device instead',
    email: {
      title: 'Confirm that it is you by e-mail',
      ask: (account: string | null) =>
        `We send a link to ${account ?? 'your e-mail address'}. Open it on the device whose camera you want to use: this one or another.`,
      send: 'Send the link',
      sent: 'The link is on its way. This page will continue on its own. Nothing there? Check your spam folder.',
      again: 'Send another link',
    },
    qr: {
      title: 'Continue on your phone',
      ask: 'Point your phone’s camera at this code and open the link.',
      alt: 'Code that opens this check on a phone',
      again: 'Show a new code',
      over: 'This code has expired.',
      making: 'Making the code',
    },
    opened: 'The link was opened on another device. Do the check there.',
    openedHere: 'The link was opened in this browser. Do the check there, or continue here.',
    goOnHere: 'Continue here',
    otherNetwork:
      'It was opened on another network. If that was not you, choose “This is not me” and change your password.',
    codeTitle: 'Enter the code from your other device',
    codeLabel: 'Six digits',
    codeSend: 'Confirm',
    codeForm: 'Enter all six digits.',
    codeWrong: (triesLeft: number) =>
      triesLeft === 1 ? 'That code is wrong. 1 try left.' : `That code is wrong. ${triesLeft} tries left.`,
  },
  device: {
    note: 'You are confirming a sign-in on another screen.',
    codeTitle: 'Enter this code on the other screen',
    codeText: 'Type it only where you are signing in. Never share it with anyone, not even someone who calls you.',
    codeOver: 'The code has expired. If the other screen is still waiting, do the check again.',
    again: 'Do the check again',
    done: 'Continue on the other screen. You can close this page.',
  },
  /** Under a camera problem: what it cost. */
  noTryUsed: 'No try was used.',
  starting: 'Preparing the camera',
  capturing: 'Look into the camera',
  checking: 'Checking',
  ending: 'Ending this sign-in',
  back: 'Back to the application',
  support: 'Get help',
  reload: 'Reload',
  closed: 'You can close this page. To sign in again, go back to the application.',
  outcomes: {
    verified: { title: 'You are verified', text: 'You are being taken back to the application.' },
    enrolled: {
      title: 'Your face is set up',
      text: 'From now on you can confirm sign-ins with it. You are being taken back to the application.',
    },
    not_verified: {
      title: 'We could not verify you',
      text: 'Go back to the application and sign in again in good light. If it keeps failing, ask for another way.',
    },
    locked: {
      title: 'Too many tries',
      text: 'The face check is locked for a while to protect the account. Come back later, or ask for another way.',
    },
    declined: { title: 'No face was used', text: 'Go back to the application and choose another way to sign in.' },
    reported: {
      title: 'Thank you for telling us',
      text: 'This sign-in was stopped. If someone else knows your password, change it now.',
    },
    not_enrolled: {
      title: 'No face is set up for this account',
      text: 'You cannot set it up here. Ask your administrator for an invitation.',
    },
    expired: {
      title: 'This took too long',
      text: 'For your safety, the sign-in has ended. Go back to the application and sign in again.',
    },
    conflict: {
      title: 'Something changed during the check',
      text: 'The account was changed at the same time. Go back to the application and sign in again.',
    },
    unavailable: {
      title: 'The face check is not available',
      text: 'Go back to the application and try again later, or choose another way.',
    },
    disabled: { title: 'The face check is turned off', text: 'Give the support id to your administrator.' },
  } satisfies Record<PublicOutcome, Message>,
  lockedUntil: (time: string) => `You can try again at ${time}.`,
  lockedFor: (minutes: number) =>
    minutes <= 1 ? 'You can try again in a minute.' : `You can try again in ${minutes} minutes.`,
  hints: {
    face_not_visible: 'Keep your whole face in the picture.',
    face_covered: 'Uncover your face: no mask, scarf or hand.',
    low_video_quality: 'Clean the camera lens and hold the device still.',
    face_not_aligned: 'Move until your face fills the oval.',
    eyes_closed: 'Keep your eyes open.',
    too_dark: 'Find more light.',
    too_bright: 'Avoid strong light on your face or behind you.',
  } satisfies Record<Hint, string>,
  camera: {
    denied: {
      title: 'The camera is blocked',
      text: 'Allow the camera for this page next to the address or in your browser’s settings, then try again.',
    },
    dismissed: {
      title: 'The camera was not allowed',
      text: 'The question was closed. Try again, and choose “Allow” when your browser asks.',
    },
    denied_by_system: {
      title: 'Your device does not let this browser use the camera',
      text: 'Open your device’s privacy settings, allow the camera for this browser, then try again.',
    },
    denied_by_policy: {
      title: 'The camera is not allowed here',
      text: 'A setting of this page or of your organization does not allow it. Open the application in its own window, or choose another way.',
    },
    unanswered: {
      title: 'The camera was not allowed in time',
      text: 'Try again, and choose “Allow” when your browser asks at the top of the window or next to the address.',
    },
    missing: {
      title: 'No camera was found',
      text: 'Connect a camera and try again, or open the application on your phone.',
    },
    busy: {
      title: 'The camera is in use',
      text: 'Close other programs and tabs that use it, such as a video call, then try again.',
    },
    not_started: {
      title: 'The camera did not start',
      text: 'Unplug the camera and plug it in again, or restart your device, then try again.',
    },
    unsuitable: {
      title: 'This camera cannot be used',
      text: 'It is too small or too slow, or it is not a real camera. Use another camera, or open the application on your phone.',
    },
    framerate: { title: 'The camera is too slow', text: 'Close other programs and find more light, then try again.' },
    timeout: {
      title: 'Your face did not fill the oval in time',
      text: 'When the oval appears, move closer until your face fills it.',
    },
    too_close: { title: 'You were too close', text: 'Start at arm’s length and come closer only when asked.' },
    several_faces: {
      title: 'More than one face was in the picture',
      text: 'Make sure that only you are in front of the camera.',
    },
    landscape: { title: 'Turn your phone upright', text: 'The check only works when the phone is upright.' },
    connection: {
      title: 'The check could not connect',
      text: 'Try again. If it keeps failing, switch to another network or choose another way.',
    },
    connection_lost: {
      title: 'The connection was lost',
      text: 'Check your network and try again. If it keeps failing, choose another way.',
    },
    not_supported: {
      title: 'This browser cannot use the camera here',
      text: 'Open the application in Safari, Chrome, Edge or Firefox instead of inside another app.',
    },
    stopped: {
      title: 'You stopped the check',
      text: 'The camera is off. Try again when you are ready, or choose another way.',
    },
    other: { title: 'The check was interrupted', text: 'Try again, or choose another way.' },
  } satisfies Record<CameraProblem, Message>,
  again: { title: 'That did not work', text: 'Look straight into the camera in even light and try again.' },
  againExpired: { title: 'That took a little too long', text: 'Start again when you are ready.' },
  failures: {
    'session-not-found': {
      title: 'We cannot find this sign-in',
      text: 'It was started in another browser, it has ended, or the link was not complete. Go back to the application and sign in again.',
    },
    'session-finished': {
      title: 'This sign-in is finished',
      text: 'You can close this page. To sign in again, go back to the application.',
    },
    'attempt-superseded': {
      title: 'The check is open in another tab',
      text: 'You started it again there. Finish it there, or reload this page.',
    },
    'wrong-task': { title: 'This sign-in needs another step', text: 'Reload this page.' },
    'consent-required': {
      title: 'You need to agree first',
      text: 'Reload this page and read the text before the camera starts.',
    },
    'no-attempt': { title: 'The check needs to start again', text: 'Try again.' },
    'invalid-request': {
      title: 'Something went wrong',
      text: 'Reload this page. If it happens again, give the support id to your administrator.',
    },
    'forbidden-origin': {
      title: 'Something went wrong',
      text: 'Open this page from the application, not inside another page.',
    },
    'not-found': { title: 'Something went wrong', text: 'Go back to the application and sign in again.' },
    'other-device': {
      title: 'The check is open on another device',
      text: 'Open the link from the e-mail, or reload this page.',
    },
    'too-many-links': {
      title: 'No more links for this sign-in',
      text: 'Use the newest one, or go back to the application and sign in again.',
    },
    'mail-not-sent': {
      title: 'The e-mail could not be sent',
      text: 'No link was used up. Try again in a moment, or choose another way.',
    },
    'body-too-large': { title: 'Something went wrong', text: 'Reload this page.' },
    unavailable: {
      title: 'The face check is not available right now',
      text: 'Try again in a moment, or use another way.',
    },
    'internal-error': {
      title: 'Something went wrong',
      text: 'Reload this page. If it happens again, give the support id to your administrator.',
    },
    offline: { title: 'No connection', text: 'Check your network, then try again.' },
    'not-loaded': {
      title: 'Part of this page did not load',
      text: 'No try was used. Check your network and reload this page. If it happens again, give the support id to your administrator.',
    },
  } satisfies Record<CallFailure, Message>,
} as const;

export type Text = typeof en;
