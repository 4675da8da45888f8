/** Texts of the page of account settings. */
export const settings = {
  title: 'Settings',
  account: 'Account',
  mail: {
    title: 'E-mail sender',
    description:
      'Notices to users, handoff links and invitations of members come from one address, set by whoever runs this deployment.',
    from: 'From',
    check:
      'Whether Amazon SES delivers it is up to SES: the address or its domain has to be verified there, and SES has to be out of its sandbox. Inviting someone under Members sends a first e-mail.',
    noneTitle: 'This deployment sends no e-mail',
    none: 'Users get no notices, logins that need an e-mail link cannot continue, and invitation links are shown to you to pass on. To change that, set noticeSender to an address that SES has verified, and deploy again.',
  },
  name: 'Account name',
  nameHelp: 'Shown at the top and in invitations. Users never see it.',
  nameWrong: 'Enter 1 to 80 characters.',
  defaults: 'Defaults for new integrations',
  defaultsHelp: 'Existing integrations keep their own values.',
  save: 'Save changes',
  saved: 'The settings are saved.',
  notices: 'Third-party licenses',
};
