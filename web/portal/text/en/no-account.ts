/** Words for somebody who is signed in and belongs to no account. */
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
    'The e-mail address of your sign-in is not verified, and an invitation needs one that is. Whoever deploys the portal runs npm run operator for your address, which verifies it or says how; where people sign in at an issuer of your own, it is verified there. Or sign out and use another sign-in.',
  foundText:
    'Or make an account of your own. You can belong to one account: you then cannot accept an invitation to another.',
  found: 'Make a new account',
  check: 'Check again',
};
