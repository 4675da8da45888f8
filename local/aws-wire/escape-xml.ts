/** Text for an XML element or a quoted attribute; also valid in HTML. */
export const escapeXml = (text: string): string => text.replace(/[&<>"'\r]/g, (c) => `&#${c.charCodeAt(0)};`);
