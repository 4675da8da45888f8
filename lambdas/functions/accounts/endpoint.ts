import type { Me } from '../../../contract/api/portal/me.ts';
import { ACCOUNT_ROUTES } from '../../../contract/api/routes/portal-account.ts';
import { AUDIT_ROUTES } from '../../../contract/api/routes/portal-audit.ts';
import { MEMBER_ROUTES } from '../../../contract/api/routes/portal-members.ts';
import { SIGN_IN_ROUTES } from '../../../contract/api/routes/portal-sign-in.ts';
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
import type { HttpHandler } from '../../http/endpoint.ts';
import { type PortalEndpointPorts, type PortalHandlers, portalEndpoint } from '../../http/portal-endpoint.ts';
import { placeOf, spanOf, writeCursor } from '../../http/query.ts';

export interface AccountsEndpointPorts extends PortalEndpointPorts, MemberPorts, FoundAccountPorts {
  readonly auditReader: AuditReader;
}

const ROUTES = { ...SIGN_IN_ROUTES, ...ACCOUNT_ROUTES, ...MEMBER_ROUTES, ...AUDIT_ROUTES };
type Handlers = PortalHandlers<typeof ROUTES>;

/** Who an operator is, and in which account. */
const describeOperator = async (ports: AccountsEndpointPorts, operator: Operator): Promise<Me> => {
  const { operatorId, email, role } = operator;
  const { accountId, name } = await readAccount(ports)(operator);
  return { operatorId, email, role, account: { accountId, name } };
};

const readAudit =
  (ports: AccountsEndpointPorts): Handlers['portalAudit'] =>
  async ({ query }, { accountId }) => {
    const { cursor, limit, from = FIRST_SECOND, to = ports.clock(), ...wanted } = query;
    const { act = null, email = null, integrationId = null, externalId = null } = wanted;
    const { items, after } = await ports.auditReader.page(accountId, {
      filter: { ...spanOf(from, to), act, email, integrationId, externalId },
      after: placeOf(cursor),
      limit,
      now: ports.clock(),
    });
    return { entries: [...items], cursor: writeCursor(after) };
  };

/** The operator's account: who is signed in, its members and invitations, its name and defaults, its audit log. */
export const accountsEndpoint = (ports: AccountsEndpointPorts): HttpHandler =>
  portalEndpoint(ports, ROUTES, {
    portalNewcomer: (_input, identity) => describeNewcomer(ports)(identity),
    portalFoundAccount: async (_input, identity) => describeOperator(ports, await foundAccount(ports)(identity)),
    portalAcceptInvitation: ({ body }, identity) => acceptInvitation(ports)(identity, body.token),
    portalMe: (_input, operator) => describeOperator(ports, operator),
    portalAccount: (_input, operator) => readAccount(ports)(operator),
    portalEditAccount: ({ body }, operator) => changeAccount(ports)(operator, body),
    portalAudit: readAudit(ports),
    portalPeople: (_input, operator) => listMembers(ports)(operator),
    portalChangeRole: ({ body }, operator) => changeRole(ports)(operator, body),
    portalRemovePerson: ({ body }, operator) => removeMember(ports)(operator, body.operatorId),
    portalLeave: (_input, operator) => leaveAccount(ports)(operator),
    portalInvite: ({ body }, operator) => invite(ports)(operator, body.email, body.role),
    portalRevokeInvitation: ({ body }, operator) => revokeInvitation(ports)(operator, body.invitationId),
  });
