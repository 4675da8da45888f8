/**
 * Claims that an Action cannot set: Auth0 drops them silently (Auth0 docs, "Create custom claims", restricted claims).
 */
const RESTRICTED_CLAIMS: ReadonlySet<string> = new Set(
  (
    'acr act active amr at_hash ath attest aud auth_time authorization_details azp c_hash client_id cnf cty dest ' +
    'entitlements events exp groups gty htm htu iat internalService iss jcard jku jti jwe jwk kid may_act mky nbf nonce ' +
    'object_id org_id org_name orig origid permissions roles rph s_hash sid sip_callid sip_cseq_num sip_date ' +
    'sip_from_tag sip_via_branch sub sub_jwk toe txn typ uuid vot vtm x5t#S256'
  ).split(' '),
);

/** Hosts that a claim's namespace must not be on. */
const RESERVED_HOST = /(^|\.)(auth0\.com|webtask\.io|webtask\.run)$/;

/** True for a name that is an http(s) URL outside Auth0's own hosts. Names of any other form are dropped here. */
const isNamespaced = (name: string): boolean => {
  if (!URL.canParse(name)) return false;
  const { protocol, hostname } = new URL(name);
  return /^https?:$/.test(protocol) && !RESERVED_HOST.test(hostname);
};

/** True if an Action's claim of this name reaches the token. */
export const isClaimAllowed = (name: string): boolean => !RESTRICTED_CLAIMS.has(name) && isNamespaced(name);
