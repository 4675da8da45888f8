import * as z from 'zod';

/** Path of the portal's pages. The issuer sends operators back to this exact address. */
export const PORTAL_PAGE_PATH = '/portal/';
/** The built Action, next to the pages: what this deployment's operators paste into Auth0. */
export const ACTION_FILE_NAME = 'verified-face-factor.js';
/** Licenses of the packages in a page: each page has a file of this name next to it. */
export const NOTICES_FILE_NAME = 'third-party-notices.txt';

/** `/portal/config.json`: where operators sign in. Written by the deployment; it contains no secret. */
export const PortalConfig = z.strictObject({
  /** Issuer of the tokens, e.g. `https://tenant.eu.auth0.com/`. */
  issuer: z.url({ protocol: /^https?$/ }),
  clientId: z.string().min(1),
  scope: z.string().default('openid email'),
});
export type PortalConfig = z.infer<typeof PortalConfig>;
