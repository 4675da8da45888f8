import { createHash } from 'node:crypto';
import type { Message } from './message.ts';

const STYLE = `:root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}
article{border:1px solid;border-radius:.75rem;padding:1rem 1.25rem;margin:1rem 0;border-color:color-mix(in srgb,currentColor 25%,transparent)}
h2{font-size:1.05rem;margin:0 0 .25rem}p{margin:.25rem 0}.text{white-space:pre-wrap;margin-top:.75rem}small{opacity:.75}`;

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

const article = ({ at, from, to, subject, text }: Message): string =>
  `<article><h2>${escapeHtml(subject)}</h2><p><small>to ${escapeHtml(to.join(', '))} · from ${escapeHtml(from)} · <time>${escapeHtml(at)}</time></small></p><p class="text">${escapeHtml(text)}</p></article>`;

/** The mailbox as a page, newest first; everything that came by mail is rendered as text. */
export const mailboxPage = (messages: readonly Message[]) => ({
  headers: {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'content-security-policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; frame-ancestors 'none'`,
  },
  body: `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>Mailbox</title><style>${STYLE}</style></head><body><main><h1>Mailbox of the local platform</h1><p>Every e-mail that the platform sends ends here; nothing leaves this machine.</p>${
    messages.length === 0
      ? '<p>No e-mail yet. Enroll a face, and the notice about it arrives here.</p>'
      : messages.map(article).join('')
  }</main></body></html>`,
});
