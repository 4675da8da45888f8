import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import * as z from 'zod';
import type { Member, Members } from '../../../../contract/api/portal/members.ts';
import type { Role } from '../../../../contract/api/portal/permissions.ts';
import { MEMBER_ROUTES } from '../../../../contract/api/routes/portal-members.ts';
import { asCallError, type CallError } from '../../api/client.ts';
import { useMutation } from '../../api/use-mutation.ts';
import { useQuery } from '../../api/use-query.ts';
import { DataTable } from '../../components/data-table.tsx';
import { Failure, Loaded } from '../../components/page-states.tsx';
import { usePageTitle } from '../../components/page-title.ts';
import { Time } from '../../components/time.tsx';
import { useKept } from '../../session/draft.ts';
import { useMay, usePortal } from '../../shell/portal-context.ts';
import { people as texts } from '../../text/en/people.ts';
import { en } from '../../text/en.ts';
import { InviteForm } from './invite-form.tsx';
import { nameOf, RemoveDialog } from './remove-dialog.tsx';
import { RoleSelect } from './role-select.tsx';

/** Says who changed a role after this list was loaded. */
const RoleConflict = ({ failure }: { failure: CallError }) =>
  failure.conflicts.map(({ pointer, theirs, by, at }) => (
    <Alert key={pointer} type="warning">
      {texts.roleConflict(by ?? texts.somebody, en.top.roles[theirs as Role] ?? String(theirs))}{' '}
      {at !== null && <Time at={at} />}
    </Alert>
  ));

const MemberList = ({ members, reload }: { members: Members; reload: () => void }) => {
  const { mutate, failure } = useMutation();
  const { me, announce } = usePortal();
  const isOwner = useMay('admin');
  const [leavingId, setLeavingId] = useKept('leaving', z.string().nullable(), null);
  const leaving = members.people.find(({ operatorId }) => operatorId === leavingId);
  const change = async (member: Member, role: Role): Promise<void> => {
    const body = { operatorId: member.operatorId, role, base: { role: member.role } };
    const changed = await mutate((api) =>
      api.call(MEMBER_ROUTES.portalChangeRole, { body }).catch((error: unknown) => {
        // Another operator has changed the role: show the current list.
        if (asCallError(error).conflicts.length > 0) reload();
        throw error;
      }),
    );
    if (changed === null) return;
    announce(texts.roleChanged(nameOf(member)));
    reload();
  };
  const end = async (invitationId: string, email: string): Promise<void> => {
    const body = { invitationId };
    if ((await mutate((api) => api.call(MEMBER_ROUTES.portalRevokeInvitation, { body }))) === null) return;
    announce(texts.ended(email));
    reload();
  };
  return (
    <SpaceBetween size="l">
      {failure !== null &&
        (failure.conflicts.length === 0 ? <Failure failure={failure} /> : <RoleConflict failure={failure} />)}
      <Header variant="h1" description={texts.description}>
        {texts.title}
      </Header>
      <DataTable
        label={texts.title}
        items={members.people}
        keyOf={({ operatorId }) => operatorId}
        empty={null}
        columns={[
          {
            id: 'email',
            header: texts.columns.email,
            isRowHeader: true,
            breaks: true,
            cell: (member) => `${nameOf(member)}${member.operatorId === me.operatorId ? ` (${texts.you})` : ''}`,
          },
          {
            id: 'role',
            header: texts.columns.role,
            cell: (member) =>
              isOwner ? (
                <RoleSelect
                  role={member.role}
                  label={`${texts.role}: ${nameOf(member)}`}
                  onChange={(role) => void change(member, role)}
                />
              ) : (
                en.top.roles[member.role]
              ),
          },
          { id: 'since', header: texts.columns.since, cell: ({ since }) => <Time at={since} /> },
          {
            id: 'remove',
            header: texts.columns.actions,
            cell: (member) => {
              const label = member.operatorId === me.operatorId ? texts.leave : texts.remove;
              return isOwner || member.operatorId === me.operatorId ? (
                <Button
                  variant="inline-link"
                  ariaLabel={`${label}: ${nameOf(member)}`}
                  onClick={() => setLeavingId(member.operatorId)}
                >
                  {label}
                </Button>
              ) : null;
            },
          },
        ]}
      />
      <Header variant="h2">{texts.invitations}</Header>
      <DataTable
        label={texts.invitations}
        items={members.invitations}
        keyOf={({ invitationId }) => invitationId}
        empty={texts.noInvitations}
        columns={[
          { id: 'email', header: texts.columns.email, cell: ({ email }) => email, isRowHeader: true },
          { id: 'role', header: texts.columns.role, cell: ({ role }) => en.top.roles[role] },
          { id: 'expires', header: texts.columns.expires, cell: ({ expiresAt }) => <Time at={expiresAt} /> },
          {
            id: 'end',
            header: texts.columns.actions,
            cell: ({ invitationId, email }) =>
              isOwner ? (
                <Button
                  variant="inline-link"
                  ariaLabel={`${texts.end}: ${email}`}
                  onClick={() => void end(invitationId, email)}
                >
                  {texts.end}
                </Button>
              ) : null,
          },
        ]}
      />
      {isOwner && <InviteForm onDone={reload} />}
      {leaving !== undefined && (
        <RemoveDialog
          member={leaving}
          onClose={() => setLeavingId(null)}
          onDone={() => {
            setLeavingId(null);
            reload();
          }}
        />
      )}
    </SpaceBetween>
  );
};

/** Members of the account, and pending invitations. */
export const Component = () => {
  usePageTitle(texts.title);
  const result = useQuery('people', (api, signal) => api.call(MEMBER_ROUTES.portalPeople, { signal }));
  return <Loaded result={result}>{(members) => <MemberList members={members} reload={result.reload} />}</Loaded>;
};
