/** Words of the page of account settings. */
export const settings = {
  title: 'Settings',
  account: 'Account',
  mail: {
    title: 'E-mail sender',
    description:
      'Notices to users, links by e-mail and invitations of operators come from one address, which whoever runs this deployment sets.',
    from: 'From',
    check:
      'Whether Amazon SES lets it through is up to SES: the address or its domain has to be verified there, and SES out of its sandbox. Inviting somebody under People sends a first e-mail.',
    noneTitle: 'This deployment sends no e-mail',
    none: 'Users get no notices, flows “by e-mail” cannot go on, and links of invitations are shown to you to pass on. To change that, set noticeSender to an address that SES has verified, and deploy again.',
  },
  name: 'Name of the account',
  nameHelp: 'Shown at the top and in invitations. Users never see it.',
  nameWrong: 'Enter 1 to 80 characters.',
  defaults: 'New integrations start with',
  defaultsHelp: 'Integrations that stand keep their own values.',
  save: 'Save changes',
  saved: 'The settings are saved.',
  notices: 'Third-party licenses',
};
