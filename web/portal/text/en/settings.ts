/** Words of the page of account settings. */
export const settings = {
  title: 'Settings',
  account: 'Account',
  name: 'Name of the account',
  nameHelp: 'Shown at the top and in invitations. Users never see it.',
  nameWrong: 'Enter 1 to 80 characters.',
  defaults: 'New integrations start with',
  defaultsHelp: 'Integrations that stand keep their own values.',
  save: 'Save changes',
  saved: 'The settings are saved.',
};
