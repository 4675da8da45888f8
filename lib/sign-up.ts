import type { SignUp } from '../lambdas/core/accounts/found-account.ts';
import type { Settings } from './settings-schema.ts';

/** Who may create an account (PORTAL_SIGN_UP). A standby stage gets its accounts from the stage that it stands by for. */
export const signUpOf = ({ portalSignUp, primaryIntegrationKeyArn }: Settings): SignUp => {
  if (portalSignUp) return 'open';
  return primaryIntegrationKeyArn === undefined ? 'closed' : 'never';
};
