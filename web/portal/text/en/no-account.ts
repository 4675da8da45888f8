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
    'Your sign-in has no verified e-mail address, and an invitation needs one. Verify your address, or sign out and use another sign-in.',
  foundText:
    'Or make an account of your own. You can belong to one account: you then cannot accept an invitation to another.',
  found: 'Make a new account',
  check: 'Check again',
};
