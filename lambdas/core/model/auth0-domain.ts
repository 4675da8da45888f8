import { isAuth0Domain } from '../../../contract/api/portal/auth0-domain.ts';

/**
 * The only address a result may be posted to. Scheme and path are fixed, the host is a registered domain, and the state is only ever
 * part of the query and is returned byte for byte.
 * @param domain must satisfy `isAuth0Domain`
 * @throws TypeError otherwise: a result must never leave for an unchecked host
 */
export const continueUrl = (domain: string, state: string): string => {
  if (!isAuth0Domain(domain)) throw new TypeError('not a registered Auth0 domain');
  return `https://${domain}/continue?state=${encodeURIComponent(state)}`;
};
