/** The form of a support id: `7KQF-2M9D`. In a file of its own because the page needs it and has no `node:crypto`. */
export const SUPPORT_ID_PATTERN = /^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/;
