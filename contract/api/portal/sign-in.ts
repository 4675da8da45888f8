import * as z from 'zod';

/** Where the portal's pages live. The issuer sends operators back to this very address. */
export const PORTAL_PAGE_PATH = '/portal/';
/** The built Action, beside the pages: what this deployment's operators paste into Auth0. */
export const ACTION_FILE_NAME = 'verified-face-factor.js';
/** Licenses of the packages that a page is made of: a file of this name lies beside each page. */
export const NOTICES_FILE_NAME = 'third-party-notices.txt';

/** `/portal/config.json`: where operators sign in. Written by the deployment; there is nothing secret in it. */
export const PortalConfig = z.strictObject({
  /** Issuer of the tokens, e.g. `https://tenant.eu.auth0.com/`. */
  issuer: z.url({ protocol: /^https?$/ }),
  clientId: z.string().min(1),
  scope: z.string().default('openid email'),
});
export type PortalConfig = z.infer<typeof PortalConfig>;
