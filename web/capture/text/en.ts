import type { PublicOutcome } from '../../../contract/api/outcome.ts';
import type { Hint } from '../../../contract/api/session.ts';
import type { CallFailure, CameraProblem } from '../machine.ts';

interface Message {
  readonly title: string;
  readonly text: string;
}

/** Every word of the capture page. */
export const en = {
  loading: 'Getting your sign-in ready',
  supportId: 'Support id',
  copy: 'Copy',
  copied: 'Copied',
  intro: {
    enroll: 'Set up your face for signing in',
    verify: 'Confirm that it is you',
    asks: (organisation: string) => `${organisation} asks you to look into the camera for about 10 seconds.`,
    app: 'Application',
    account: 'Account',
    consentTitle: 'Before we use your face',
    consentLabel: 'I agree to the use of my face as described',
    consentMissing: 'Tick the box to go on, or choose another way.',
    flashes:
      'This check shows coloured flashes. If flashing lights can make you unwell, do not start; choose another way instead.',
    otherNetwork:
      'This sign-in was started on another network. If somebody sent you this link, do not go on: choose “This is not me”.',
    tips: [
      'Hold the device upright at eye level.',
      'Find even light, no window behind you.',
      'Take off sunglasses and mask.',
    ],
    start: 'Start the camera',
    again: 'Try again',
    otherWay: 'Use another way',
    notMe: 'This is not me',
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
      sent: 'The link is on its way. This page goes on by itself. Nothing there? Look into the spam folder.',
      again: 'Send another link',
    },
    qr: {
      title: 'Go on with your phone',
      ask: 'Point your phone’s camera at this code and open what it finds.',
      alt: 'Code that opens this check on a phone',
      again: 'Show a new code',
      over: 'This code is too old.',
      making: 'Making the code',
    },
    opened: 'The link was opened on another device. Do the check there.',
    openedHere: 'The link was opened in this browser. Do the check there, or go on here.',
    goOnHere: 'Go on here',
    otherNetwork:
      'It was opened on another network. If that was not you, choose “This is not me” and change your password.',
    codeTitle: 'Enter the code from your other device',
    codeLabel: 'Six digits',
    codeSend: 'Confirm',
    codeForm: 'The code has six digits.',
    codeWrong: (triesLeft: number) =>
      triesLeft === 1 ? 'That is not the code. 1 try left.' : `That is not the code. ${triesLeft} tries left.`,
  },
  device: {
    note: 'You are confirming a sign-in on another screen.',
    codeTitle: 'Enter this code on the other screen',
    codeText: 'Type it only where you are signing in. Never tell it to anybody, not even to somebody who calls you.',
    codeOver: 'The code is too old. If the other screen has not gone on, do the check again.',
    again: 'Do the check again',
    done: 'Go on at the other screen. You can close this page.',
  },
  starting: 'Preparing the camera',
  capturing: 'Look into the camera',
  checking: 'Checking',
  ending: 'Ending this sign-in',
  back: 'Back to the application',
  support: 'Get help',
  reload: 'Reload',
  closed: 'You can close this page. To sign in again, go back to the application.',
  outcomes: {
    verified: { title: 'It is you', text: 'You are being taken back to the application.' },
    enrolled: {
      title: 'Your face is set up',
      text: 'From now on it confirms your sign-ins. You are being taken back to the application.',
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
      text: 'This sign-in was stopped. If somebody else knows your password, change it now.',
    },
    not_enrolled: {
      title: 'There is no face for this account',
      text: 'It cannot be set up from here. Ask your administrator for an invitation.',
    },
    expired: {
      title: 'This took too long',
      text: 'For your safety the sign-in has ended. Go back to the application and sign in again.',
    },
    conflict: {
      title: 'Something changed meanwhile',
      text: 'The account was changed during the check. Go back to the application and sign in again.',
    },
    unavailable: {
      title: 'The face check is not available',
      text: 'Nothing is lost. Go back to the application and try again later, or choose another way.',
    },
    disabled: { title: 'The face check is switched off', text: 'Contact your administrator and quote the support id.' },
  } satisfies Record<PublicOutcome, Message>,
  lockedUntil: (time: string) => `You can try again at ${time}.`,
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
      text: 'Allow the camera for this page in the address bar or in the settings of your browser, then try again.',
    },
    missing: {
      title: 'No camera was found',
      text: 'Connect a camera or close other programs that use it, then try again. Or open the application on your phone.',
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
    landscape: { title: 'Turn your phone upright', text: 'The check works in portrait only.' },
    connection: {
      title: 'The check could not start',
      text: 'Try again. If it keeps failing, change to another network or choose another way.',
    },
    not_supported: {
      title: 'This browser cannot use the camera here',
      text: 'Open the application in Safari, Chrome, Edge or Firefox instead of inside another app.',
    },
    other: { title: 'The check was interrupted', text: 'Nothing is lost. Try again.' },
  } satisfies Record<CameraProblem, Message>,
  again: { title: 'That did not work', text: 'Look straight into the camera in even light and try again.' },
  againExpired: { title: 'That took a little long', text: 'Start again when you are ready.' },
  failures: {
    'session-not-found': {
      title: 'There is no sign-in to go on with',
      text: 'It was started in another browser, is over, or the link was incomplete. Go back to the application and sign in again.',
    },
    'session-finished': {
      title: 'This sign-in is finished',
      text: 'You can close this page. To sign in again, go back to the application.',
    },
    'attempt-superseded': {
      title: 'The check goes on in another tab',
      text: 'You started it again elsewhere. Finish it there, or reload this page.',
    },
    'wrong-task': { title: 'This sign-in needs another step', text: 'Reload this page.' },
    'consent-required': {
      title: 'Your agreement is needed first',
      text: 'Reload this page and read the text before the camera starts.',
    },
    'no-attempt': { title: 'The check has to be started again', text: 'Try again.' },
    'invalid-request': {
      title: 'Something went wrong',
      text: 'Reload this page. If it happens again, quote the support id to your administrator.',
    },
    'forbidden-origin': {
      title: 'Something went wrong',
      text: 'Open this page from the application, not inside another page.',
    },
    'not-found': { title: 'Something went wrong', text: 'Go back to the application and sign in again.' },
    'other-device': {
      title: 'The check goes on elsewhere',
      text: 'Open the link from the e-mail, or reload this page.',
    },
    'too-many-links': {
      title: 'No more links for this sign-in',
      text: 'Use the newest one, or go back to the application and sign in again.',
    },
    'body-too-large': { title: 'Something went wrong', text: 'Reload this page.' },
    unavailable: {
      title: 'The face check is not available at the moment',
      text: 'Nothing is lost. Try again in a moment, or use another way.',
    },
    'internal-error': {
      title: 'Something went wrong',
      text: 'Nothing is lost. Try again. If it happens again, quote the support id to your administrator.',
    },
    offline: { title: 'There is no connection', text: 'Check your network and try again. Nothing is lost.' },
  } satisfies Record<CallFailure, Message>,
  /** Words inside the liveness component. */
  liveness: {
    hintMoveFaceFrontOfCameraText: 'Move your face in front of the camera',
    hintTooManyFacesText: 'Only one face, please',
    hintFaceDetectedText: 'Face found',
    hintCanNotIdentifyText: 'Move your face in front of the camera',
    hintTooCloseText: 'Move back',
    hintTooFarText: 'Move closer',
    hintConnectingText: 'Connecting',
    hintVerifyingText: 'Checking',
    hintCheckCompleteText: 'Done',
    hintIlluminationNormalText: 'The light is good',
    hintIlluminationTooBrightText: 'Find less light',
    hintIlluminationTooDarkText: 'Find more light',
    hintHoldFaceForFreshnessText: 'Hold still',
    hintCenterFaceText: 'Center your face',
    hintCenterFaceInstructionText: 'Center your face in the picture, then move closer when the oval appears.',
    hintFaceOffCenterText: 'Center your face in the oval',
    hintMatchIndicatorText: 'Halfway there. Keep moving closer.',
    cancelLivenessCheckText: 'Stop the face check',
    recordingIndicatorText: 'Rec',
    waitingCameraPermissionText: 'Allow the camera when your browser asks.',
    a11yVideoLabelText: 'Camera picture',
    cameraMinSpecificationsHeadingText: 'The camera is too slow',
    cameraMinSpecificationsMessageText:
      'It needs 320 by 240 pixels and 15 pictures a second. Close other programs and find more light.',
    cameraNotFoundHeadingText: 'The camera cannot be used',
    cameraNotFoundMessageText: 'Connect a camera, close other programs that use it, and allow it for this page.',
    retryCameraPermissionsText: 'Try again',
  },
} as const;

export type Text = typeof en;
