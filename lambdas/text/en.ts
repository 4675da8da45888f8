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
  returning: {
    title: 'Taking you back to your sign-in',
    text: 'If nothing happens in a few seconds, use the button.',
    button: 'Continue',
  },
} as const;

export const SUPPORT_ID_LABEL = 'Support id';

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
