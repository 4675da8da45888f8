import { AccountChange, AccountView } from '../../../contract/api/portal/account.ts';
import { Me } from '../../../contract/api/portal/me.ts';
import {
  AcceptInvitation,
  ChangeRole,
  Invite,
  Invited,
  Members,
  RemoveMember,
  RevokeInvitation,
} from '../../../contract/api/portal/members.ts';
import { Newcomer } from '../../../contract/api/portal/newcomer.ts';
import { AuditPage } from '../../../contract/api/portal/operator.ts';
import { AuditQuery } from '../../../contract/api/portal/queries.ts';
import { FIRST_SECOND } from '../../../contract/protocol/epoch-seconds.ts';
import { changeAccount, readAccount } from '../../core/accounts/account.ts';
import type { AuditReader } from '../../core/accounts/audit.ts';
import { describeNewcomer, type FoundAccountPorts, foundAccount } from '../../core/accounts/found-account.ts';
import {
  acceptInvitation,
  changeRole,
  invite,
  leaveAccount,
  listMembers,
  type MemberPorts,
  removeMember,
  revokeInvitation,
} from '../../core/accounts/members.ts';
import type { Operator } from '../../core/accounts/operator.ts';
import { NO_STORE_HEADERS } from '../../http/answer-headers.ts';
import type { HttpAnswer, HttpHandler } from '../../http/endpoint.ts';
import { jsonAnswer, jsonBody } from '../../http/json-body.ts';
import { type PortalEndpointPorts, type PortalRoute, portalEndpoint } from '../../http/portal-endpoint.ts';
import { placeOf, queryOf, spanOf, writeCursor } from '../../http/query.ts';

export interface AccountsEndpointPorts extends PortalEndpointPorts, MemberPorts, FoundAccountPorts {
  readonly auditReader: AuditReader;
}

const NOTHING: HttpAnswer = { statusCode: 204, headers: { ...NO_STORE_HEADERS } };

/** Who an operator is, and in which account. */
const meAnswer = async (ports: AccountsEndpointPorts, operator: Operator): Promise<HttpAnswer> => {
  const { operatorId, email, role } = operator;
  const { accountId, name } = await readAccount(ports)(operator);
  return jsonAnswer(Me, { operatorId, email, role, account: { accountId, name } }, NO_STORE_HEADERS);
};

/** For whoever belongs to no account yet. */
const newcomerRoutes = (ports: AccountsEndpointPorts): Readonly<Record<string, PortalRoute>> => ({
  'GET /api/portal/newcomer': {
    permission: 'newcomer',
    run: async (_request, identity) => jsonAnswer(Newcomer, await describeNewcomer(ports)(identity), NO_STORE_HEADERS),
  },
  'POST /api/portal/account': {
    permission: 'newcomer',
    run: async (_request, identity) => meAnswer(ports, await foundAccount(ports)(identity)),
  },
  'POST /api/portal/invitations/accept': {
    permission: 'newcomer',
    run: async (request, identity) => {
      await acceptInvitation(ports)(identity, jsonBody(request, AcceptInvitation).token);
      return NOTHING;
    },
  },
});

const accountRoutes = (ports: AccountsEndpointPorts): Readonly<Record<string, PortalRoute>> => ({
  'GET /api/portal/me': {
    permission: 'look',
    run: async (_request, operator) => meAnswer(ports, operator),
  },
  'GET /api/portal/account': {
    permission: 'look',
    run: async (_request, operator) => jsonAnswer(AccountView, await readAccount(ports)(operator), NO_STORE_HEADERS),
  },
  'PATCH /api/portal/account': {
    permission: 'manage',
    run: async (request, operator) => {
      const account = await changeAccount(ports)(operator, jsonBody(request, AccountChange));
      return jsonAnswer(AccountView, account, NO_STORE_HEADERS);
    },
  },
  'GET /api/portal/audit': {
    permission: 'manage',
    run: async (request, { accountId }) => {
      const { cursor, limit, from = FIRST_SECOND, to = ports.clock(), ...query } = queryOf(request, AuditQuery);
      const { act = null, email = null, integrationId = null, externalId = null } = query;
      const { items, after } = await ports.auditReader.page(accountId, {
        filter: { ...spanOf(from, to), act, email, integrationId, externalId },
        after: placeOf(cursor),
        limit,
      });
      return jsonAnswer(AuditPage, { entries: [...items], cursor: writeCursor(after) }, NO_STORE_HEADERS);
    },
  },
});

const invitationRoutes = (ports: AccountsEndpointPorts): Readonly<Record<string, PortalRoute>> => ({
  'POST /api/portal/people/invitations': {
    permission: 'secure',
    run: async (request, operator) => {
      const { email, role } = jsonBody(request, Invite);
      return jsonAnswer(Invited, await invite(ports)(operator, email, role), NO_STORE_HEADERS);
    },
  },
  'POST /api/portal/people/invitations/revoke': {
    permission: 'secure',
    run: async (request, operator) => {
      await revokeInvitation(ports)(operator, jsonBody(request, RevokeInvitation).invitationId);
      return NOTHING;
    },
  },
});

const memberRoutes = (ports: AccountsEndpointPorts): Readonly<Record<string, PortalRoute>> => ({
  'GET /api/portal/people': {
    permission: 'look',
    run: async (_request, operator) => jsonAnswer(Members, await listMembers(ports)(operator), NO_STORE_HEADERS),
  },
  'POST /api/portal/people/role': {
    permission: 'secure',
    run: async (request, operator) => {
      const people = await changeRole(ports)(operator, jsonBody(request, ChangeRole));
      return jsonAnswer(Members, people, NO_STORE_HEADERS);
    },
  },
  'POST /api/portal/people/remove': {
    permission: 'secure',
    run: async (request, operator) => {
      await removeMember(ports)(operator, jsonBody(request, RemoveMember).operatorId);
      return NOTHING;
    },
  },
  'POST /api/portal/people/leave': {
    permission: 'look',
    run: async (_request, operator) => {
      await leaveAccount(ports)(operator);
      return NOTHING;
    },
  },
});

/** The operator's account: who is signed in, its people and invitations, its name and defaults, its audit log. */
export const accountsEndpoint = (ports: AccountsEndpointPorts): HttpHandler =>
  portalEndpoint(ports, {
    ...newcomerRoutes(ports),
    ...accountRoutes(ports),
    ...memberRoutes(ports),
    ...invitationRoutes(ports),
  });
