import { isAuth0Domain } from '../../../contract/api/portal/auth0-domain.ts';

/**
 * The one address a result may be posted to. Scheme and path are fixed, the host is a registered domain, the state goes
 * into the query alone and comes back byte for byte.
 * @param domain must satisfy `isAuth0Domain`
 * @throws TypeError otherwise: a result must never leave for an unchecked host
 */
export const continueUrl = (domain: string, state: string): string => {
  if (!isAuth0Domain(domain)) throw new TypeError('not a registered Auth0 domain');
  return `https://${domain}/continue?state=${encodeURIComponent(state)}`;
};
