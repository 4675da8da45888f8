/** Every word that the Lambdas themselves show or send; the capture page has its own catalogue. */
export const PAGES = {
  badLink: {
    title: 'This sign-in link does not work',
    text: 'It is incomplete, too old, or not meant for this address. Go back to the application and sign in again. If it happens again, give the support id to your administrator.',
  },
  alreadyUsed: {
    title: 'This sign-in link was already used',
    text: 'It was opened in another browser, and each link works in one browser only. Go back to the application and sign in again. If you did not open it, tell your administrator.',
  },
  finished: {
    title: 'This sign-in is finished',
    text: 'You can close this page. To sign in again, go back to the application.',
  },
  notFound: {
    title: 'There is no sign-in to go on with',
    text: 'It belongs to another browser or was long ago. Go back to the application and sign in again.',
  },
  failed: {
    title: 'Something went wrong',
    text: 'Nothing is lost. Reload this page in a moment; if it happens again, give the support id to your administrator.',
  },
  handoff: {
    title: 'Are you signing in on another screen now?',
    asks: (organisation: string, app: string | null) =>
      `${organisation} asks for your face to confirm a sign-in${app === null ? '' : ` to ${app}`}. Go on only if you started it yourself, just now.`,
    account: 'Account:',
    otherNetwork:
      'Careful: this sign-in was started on another network. If somebody sent you here, choose “No, this is not me”.',
    go: 'Yes, go on here',
    report: 'No, this is not me',
  },
  linkOver: {
    title: 'This link opens nothing any more',
    text: 'It was opened before, replaced by a newer one, or is too old. Go back to the screen where you sign in and make a new one.',
  },
  reported: {
    title: 'Thank you for telling us',
    text: 'This sign-in was stopped. If somebody else knows your password, change it now.',
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
    `It works once, for ${mail.minutes} minutes. If you open it on another device, that device shows six digits: enter them only on the screen where you are signing in, and never tell them to anybody.`,
    `If you are not signing in, somebody may know your password: open the link, choose “No, this is not me”, and change it. Support id ${mail.supportId}.`,
  ].join('\n\n'),
});

/** The e-mail that tells a person of a new face on the account. */
export const enrolledNotice = (notice: {
  readonly organisation: string;
  readonly at: number;
  readonly supportId: string;
  readonly supportUrl: string | null;
}): { readonly subject: string; readonly text: string } => ({
  subject: `A face was added to your ${notice.organisation} account`,
  text: [
    `On ${new Date(notice.at * 1000).toUTCString()} a face was enrolled for signing in to your ${notice.organisation} account.`,
    'If this was you, there is nothing to do.',
    `If it was not you, change your password now and tell ${notice.organisation}${notice.supportUrl === null ? '' : ` at ${notice.supportUrl}`}. Quote the support id ${notice.supportId}.`,
  ].join('\n\n'),
});

/** The e-mail that invites a person to the portal. */
export const invitationMail = (mail: {
  readonly accountName: string;
  readonly invitedBy: string | null;
  readonly link: string;
  readonly expiresAt: number;
  readonly hasTemporaryPassword: boolean;
}): { readonly subject: string; readonly text: string } => ({
  subject: `You are invited to the Identity Portal of ${mail.accountName}`,
  text: [
    `${mail.invitedBy ?? 'An owner'} invites you to manage the face check of ${mail.accountName}.`,
    `Open this link and sign in with this e-mail address: ${mail.link}`,
    ...(mail.hasTemporaryPassword
      ? ['Another e-mail brings you a temporary password; at the first sign-in you choose your own.']
      : []),
    `It works once, until ${new Date(mail.expiresAt * 1000).toUTCString()}. If you do not know what this is about, do nothing.`,
  ].join('\n\n'),
});
