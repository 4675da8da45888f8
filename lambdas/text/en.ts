/**
 * Every text that the Lambdas themselves show or send; the capture page has its own catalog. Users read “sign-in” here, the everyday
 * word for a login.
 */
export const PAGES = {
  badLink: {
    title: 'This sign-in link does not work',
    text: 'It is incomplete, too old, or not meant for this address. Go back to the application and sign in again. If it happens again, give the support id to your administrator.',
  },
  alreadyUsed: {
    title: 'This sign-in link was already used',
    text: 'It was opened in another browser, and each link works in only one browser. Go back to the application and sign in again. If you did not open it, tell your administrator.',
  },
  finished: {
    title: 'This sign-in is finished',
    text: 'You can close this page. To sign in again, go back to the application.',
  },
  notFound: {
    title: 'We cannot find this sign-in',
    text: 'It belongs to another browser, or it ended long ago. Go back to the application and sign in again.',
  },
  nothingHere: {
    title: 'There is nothing at this address',
    text: 'The address is wrong, or what was here is gone. To sign in, go back to the application and start again.',
    portal: 'Identity Portal, for operators',
  },
  failed: {
    title: 'Something went wrong',
    text: 'Nothing is lost. Reload this page in a moment. If it happens again, give the support id to your administrator.',
  },
  handoff: {
    title: 'Are you signing in on another screen now?',
    asks: (organisation: string, app: string | null) =>
      `${organisation} asks for your face to confirm a sign-in${app === null ? '' : ` to ${app}`}. Continue only if you started it yourself, just now.`,
    account: 'Account:',
    otherNetwork:
      'Careful: this sign-in was started on another network. If someone sent you here, choose “No, this is not me”.',
    go: 'Yes, continue here',
    report: 'No, this is not me',
  },
  linkOver: {
    title: 'This link no longer works',
    text: 'It was opened before, was replaced by a newer one, or is too old. Go back to the screen where you are signing in and request a new one.',
  },
  reported: {
    title: 'Thank you for telling us',
    text: 'This sign-in was stopped. If someone else knows your password, change it now.',
  },
  returning: {
    title: 'Taking you back to your sign-in',
    text: 'If nothing happens in a few seconds, use the button.',
    button: 'Continue',
  },
} as const;

export const SUPPORT_ID_LABEL = 'Support id';

/** The e-mail that takes a face check to the device where it is opened. */
export const handoffMail = (mail: {
  readonly organisation: string;
  readonly app: string | null;
  readonly link: string;
  readonly minutes: number;
  readonly supportId: string;
}): { readonly subject: string; readonly text: string } => ({
  subject: `Confirm your sign-in to ${mail.app ?? mail.organisation} with your face`,
  text: [
    `You are signing in to ${mail.app ?? mail.organisation}. Open this link on a device with a camera to confirm it with your face:`,
    mail.link,
    `It works once, for ${mail.minutes} minutes. If you open it on another device, that device shows six digits: enter them only on the screen where you are signing in, and never share them with anyone.`,
    `If you are not signing in, someone may know your password: open the link, choose “No, this is not me”, and change your password. Support id ${mail.supportId}.`,
  ].join('\n\n'),
});

/** The notice to a user whose account has a new face. */
export const enrolledNotice = (notice: {
  readonly organisation: string;
  readonly at: number;
  readonly supportId: string;
  readonly supportUrl: string | null;
}): { readonly subject: string; readonly text: string } => ({
  subject: `A face was added to your ${notice.organisation} account`,
  text: [
    `On ${new Date(notice.at * 1000).toUTCString()} a face was enrolled for signing in to your ${notice.organisation} account.`,
    'If this was you, you do not need to do anything.',
    `If it was not you, change your password now and tell ${notice.organisation}${notice.supportUrl === null ? '' : ` at ${notice.supportUrl}`}. Quote the support id ${notice.supportId}.`,
  ].join('\n\n'),
});

/** The e-mail that invites an operator to become a member of an account. */
export const invitationMail = (mail: {
  readonly accountName: string;
  readonly invitedBy: string | null;
  readonly link: string;
  readonly expiresAt: number;
  readonly hasTemporaryPassword: boolean;
}): { readonly subject: string; readonly text: string } => ({
  subject: `Your invitation to the Identity Portal of ${mail.accountName}`,
  text: [
    `${mail.invitedBy ?? 'An owner'} invites you to manage the face check of ${mail.accountName}.`,
    `Open this link and sign in with this e-mail address: ${mail.link}`,
    ...(mail.hasTemporaryPassword
      ? ['A separate e-mail contains a temporary password. You choose your own at the first sign-in.']
      : []),
    `It works once, until ${new Date(mail.expiresAt * 1000).toUTCString()}. If you do not know what this is about, ignore this e-mail.`,
  ].join('\n\n'),
});
