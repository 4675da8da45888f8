import type { LoginOutcome } from '../login/login-pipeline.ts';

/**
 * Claims that a login adds to a token: those of the Actions that have a value (an Action removes a claim by setting null), and the
 * organization.
 */
export const claimsOf = (outcome: LoginOutcome, token: 'id' | 'access'): Record<string, unknown> => {
  const claims = [...(token === 'id' ? outcome.idTokenClaims : outcome.accessTokenClaims)];
  const { organization } = outcome;
  return {
    ...Object.fromEntries(claims.filter(([, value]) => value !== null && value !== undefined)),
    ...(organization === null ? {} : { org_id: organization.id, org_name: organization.name }),
  };
};
