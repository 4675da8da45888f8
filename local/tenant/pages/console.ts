import type { Express } from 'express';
import type { Journal, JournalEntry } from '../login/journal.ts';
import type { StoredUserView, TenantUserStore } from '../user-store.ts';
import { escapeHtml, widePage } from './pages.ts';
import { sendPage } from './respond.ts';

/** An Action as the console shows it. */
export interface ActionView {
  readonly name: string;
  /** The state of its newest code: `built`, `deployed`, … */
  readonly status: string;
  readonly isBound: boolean;
}

/** What the console shows. */
export interface ConsolePorts {
  readonly users: TenantUserStore;
  readonly journal: Journal;
  readonly actions: () => readonly ActionView[];
  /** Host names under which it is shown; a page of another site that points its own name here gets nothing. */
  readonly hostnames: readonly string[];
}

type Cell = string | readonly string[];

const cell = (content: Cell): string =>
  `<td>${typeof content === 'string' ? escapeHtml(content) : content.map((text) => `<code>${escapeHtml(text)}</code>`).join(' ')}</td>`;

const table = (
  title: string,
  heads: readonly string[],
  rows: readonly (readonly Cell[])[],
  nothing: string,
): string => {
  const id = title.toLowerCase().replace(/[^a-z]+/g, '-');
  const caption = `<h2 id="${id}">${escapeHtml(title)}</h2>`;
  if (rows.length === 0) return `${caption}<p>${escapeHtml(nothing)}</p>`;
  const head = heads.map((text) => `<th scope="col">${escapeHtml(text)}</th>`).join('');
  const body = rows.map((cells) => `<tr>${cells.map(cell).join('')}</tr>`).join('');
  // Wide tables scroll on their own, also by keyboard, so that the page does not.
  return `${caption}<div class="scroll" role="region" aria-labelledby="${id}" tabindex="0"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
};

const time = (at: string): string => at.slice(11, 19);

const ofKind = <Kind extends JournalEntry['kind']>(entries: readonly JournalEntry[], kind: Kind) =>
  entries.filter((entry): entry is Extract<JournalEntry, { kind: Kind }> => entry.kind === kind);

const userRow = ({ user, logins }: StoredUserView): Cell[] => [
  user.email,
  [user.user_id],
  String(logins),
  [JSON.stringify(user.app_metadata)],
];

const consolePage = ({ users, journal, actions }: ConsolePorts): string => {
  const { entries } = journal;
  const codes = ofKind(entries, 'code').map(({ at, email, code }) => [time(at), email, [code]]);
  const logins = ofKind(entries, 'login').map(({ at, email, app, protocol, outcome, claims }) => [
    ...[time(at), email, app, [protocol], outcome],
    claims,
  ]);
  const lines = ofKind(entries, 'line').map(({ at, text }) => [time(at), text]);
  const flow = actions().map(({ name, status, isBound }) => [
    name,
    status,
    isBound ? 'in the flow' : 'not in the flow',
  ]);
  return widePage(
    'Console of the local tenant',
    [
      '<p>Newest first; times in UTC. Reload the page to see newer entries.</p>',
      table(
        'Codes',
        ['Time', 'For', 'Code'],
        codes,
        'No code was sent. Codes are sent when the tenant asks for its second step.',
      ),
      table(
        'Logins',
        ['Time', 'User', 'App', 'Protocol', 'Actions decided', 'Claims'],
        logins,
        'Nobody has logged in since the start.',
      ),
      table('Log', ['Time', 'Line'], lines, 'The Actions have logged nothing.'),
      table('Actions', ['Name', 'State', 'Flow'], flow, 'There is no Action.'),
      table('Users', ['E-mail', 'Id', 'Logins', 'app_metadata'], users.all().map(userRow), 'There are no users.'),
    ].join(''),
  );
};

/** Adds `/console` for developers: users, logins with what the Actions decided, and what they logged. */
export const addConsole = (app: Express, ports: ConsolePorts): void => {
  app.get('/console', (request, response) => {
    if (!ports.hostnames.includes(request.hostname))
      return sendPage(response, 404, 'Not here', 'Open it under the tenant’s name.');
    return sendPage(response, 200, consolePage(ports));
  });
};
