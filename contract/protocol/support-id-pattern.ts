/** How a support id looks: `7KQF-2M9D`. Apart from its maker, since the page needs it and has no `node:crypto`. */
export const SUPPORT_ID_PATTERN = /^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/;
