/** Texts for an operator who is signed in and is not a member of any account. */
export const noAccount = {
  title: 'You are not a member of any account',
  departures: {
    removed: (account: string) => `An owner removed you from ${account}.`,
    left: (account: string) => `You left ${account}.`,
  },
  unnamed: 'the account',
  invitation: (email: string) =>
    `You are signed in as ${email}. To join an account, ask one of its owners for an invitation to this address, and open the link in that e-mail.`,
  noEmail:
    'The e-mail address of your sign-in is not verified, and an invitation needs a verified one. Whoever deploys the portal can run npm run operator for your address, which verifies it or explains how. If you sign in at an issuer of your own, it is verified there. Or sign out and use another sign-in.',
  foundText:
    'Or create an account of your own. You can be a member of one account only: you then cannot accept an invitation to another.',
  found: 'Create an account',
  check: 'Check again',
};
