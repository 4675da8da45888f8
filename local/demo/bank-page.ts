export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

/** One page of the bank; `content` and `action` are HTML. */
export const page = (bank: string, title: string, content: string, action = ''): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escapeHtml(title)} · ${escapeHtml(bank)}</title><link rel="stylesheet" href="/bank.css"></head><body><header><strong>⚓ ${escapeHtml(bank)}</strong>${action}</header><main>${content}</main><footer>${escapeHtml(bank)} is a demo app; there is no money here.</footer></body></html>`;

/** The button in the header of every page of a logged-in customer. */
export const LOG_OUT = '<form method="post" action="/logout"><button class="plain">Log out</button></form>';

/** UTC, to the second: `24 Nov 2026 10:41:26 UTC` */
export const timeOf = (epochSeconds: number): string =>
  new Date(epochSeconds * 1000)
    .toUTCString()
    .replace(/^\w+, /, '')
    .replace('GMT', 'UTC');
