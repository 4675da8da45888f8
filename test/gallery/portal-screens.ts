import { INVITATION_PAGE } from '../../contract/api/portal/members.ts';
import type { SignedOutReason } from '../../web/portal/session/sign-in.ts';
import type { Ending } from '../../web/portal/session/use-ending.ts';
import { apiKeys } from '../../web/portal/text/en/api-keys.ts';
import { users } from '../../web/portal/text/en/users.ts';
import { webhooks } from '../../web/portal/text/en/webhooks.ts';
import type { Answers } from './canned-answers.ts';

/** One page of the portal in one state. */
export interface PortalScreen {
  readonly path: string;
  readonly answers: Answers;
  readonly role: 'owner' | 'admin' | 'viewer';
  /** Buttons that are pressed in order, by their text in the chosen language. */
  readonly presses: readonly string[];
  readonly ending: Ending | null;
  /** Nobody is signed in. */
  readonly signedOut: SignedOutReason | null;
}

const PLAIN = { answers: 'filled', role: 'owner', presses: [], ending: null, signedOut: null } as const;
const ID = 'int_1';
const PERSON = `/users/person?integration=${ID}&externalId=auth0%7C65f0c2a91b`;

/** Pages by name; each is shown in every state. */
const PAGES: Readonly<Record<string, string>> = {
  overview: '/overview',
  integrations: '/integrations',
  'integrations, new': '/integrations/new',
  integration: `/integrations/${ID}`,
  'integration, connect': `/integrations/${ID}/connect`,
  'integration, secrets': `/integrations/${ID}/secrets`,
  users: '/users',
  person: PERSON,
  transactions: '/transactions',
  support: '/support/ABCD-EFGH',
  audit: '/audit',
  people: '/people',
  settings: '/settings',
  'API keys': '/settings/api-keys',
  webhooks: '/settings/webhooks',
};

const STATES: Readonly<Record<string, Partial<PortalScreen>>> = {
  '': {},
  ', empty': { answers: 'empty' },
  ', loading': { answers: 'waiting' },
  ', failing': { answers: 'failing' },
  ', as a viewer': { role: 'viewer' },
};

const { acts } = users;

/** Opened by pressing the buttons that lead to them. */
const DIALOGS: Readonly<Record<string, Partial<PortalScreen>>> = {
  'dialog: disable a user': { path: PERSON, answers: 'empty', presses: [acts.menu, acts.disable] },
  'dialog: enable a user': { path: PERSON, presses: [acts.menu, acts.enable] },
  'dialog: unlock a user': { path: PERSON, presses: [acts.menu, acts.unlock] },
  'dialog: require re-enrollment': { path: PERSON, presses: [acts.menu, acts.reenroll] },
  'dialog: invite a user to enroll': { path: PERSON, answers: 'empty', presses: [acts.menu, acts.invite] },
  'dialog: delete a user': { path: PERSON, presses: [acts.menu, acts.delete] },
  'dialog: new API key': { path: '/settings/api-keys', presses: [apiKeys.make] },
  'dialog: new webhook': { path: '/settings/webhooks', presses: [webhooks.make] },
  'dialog: the session ends, idle': { path: '/settings', ending: { why: 'idle', at: 1_900_000_000_000 } },
  'dialog: the session ends, time limit': { path: '/settings', ending: { why: 'limit', at: 1_900_000_000_000 } },
};

const REASONS: readonly SignedOutReason[] = ['signed-out', 'idle', 'ended', 'failed'];

const screen = (parts: Partial<PortalScreen>): PortalScreen => ({ path: '/overview', ...PLAIN, ...parts });

/** Every page and dialog of the portal that can be shown on its own, by name. */
export const PORTAL_SCREENS: Readonly<Record<string, PortalScreen>> = Object.fromEntries([
  ...Object.entries(PAGES).flatMap(([page, path]) =>
    Object.entries(STATES).map(([state, parts]) => [`${page}${state}`, screen({ ...parts, path })] as const),
  ),
  ...Object.entries(DIALOGS).map(([name, parts]) => [name, screen(parts)] as const),
  ['invitation', screen({ path: `/${INVITATION_PAGE}` })],
  ['no account', screen({ answers: 'no-account' })],
  ['no such page', screen({ path: '/nowhere' })],
  ...REASONS.map((reason) => [`signed out: ${reason}`, screen({ signedOut: reason })] as const),
]);
