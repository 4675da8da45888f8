import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { useState } from 'react';
import * as z from 'zod';
import type { Role } from '../../../../contract/api/portal/operator.ts';
import { Invite, Invited, People, type Person } from '../../../../contract/api/portal/people.ts';
import { useAct } from '../../api/use-act.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { Failure, Loaded } from '../../components/page-states.tsx';
import { usePageTitle } from '../../components/page-title.ts';
import { Time } from '../../components/time.tsx';
import { useKeptDraft, useRestoredDraft } from '../../session/draft.ts';
import { useMay, usePortal } from '../../shell/portal-context.ts';
import { en } from '../../text/en.ts';

const words = en.people;
const ROLES = (['viewer', 'admin', 'owner'] as const).map((value) => ({ value, label: words.roles[value] }));
const Draft = z.object({ email: z.string() });

const RoleSelect = (props: { role: Role; label: string; onChange: (role: Role) => void }) => (
  <Select
    ariaLabel={props.label}
    options={ROLES}
    selectedOption={ROLES.find(({ value }) => value === props.role) ?? null}
    onChange={({ detail }) => props.onChange(detail.selectedOption.value as Role)}
  />
);

const InviteForm = ({ onDone }: { onDone: () => void }) => {
  const { act, isBusy, failure } = useAct();
  const { announce } = usePortal();
  const restored = Draft.safeParse(useRestoredDraft());
  const [email, setEmail] = useState(restored.data?.email ?? '');
  const [role, setRole] = useState<Role>('viewer');
  const [isWrong, setWrong] = useState(false);
  const [link, setLink] = useState<string | null>(null);
  useKeptDraft(email === '' ? null : { email });
  const send = async (): Promise<void> => {
    const body = Invite.safeParse({ email: email.trim(), role });
    setWrong(!body.success);
    if (!body.success) return;
    const invited = await act((api) =>
      api.read('POST', '/api/portal/people/invitations', Invited, { body: body.data }),
    );
    if (invited === null) return;
    if (invited.link === null) announce(words.sent(invited.invitation.email));
    setLink(invited.link);
    setEmail('');
    onDone();
  };
  const isRefused = failure?.errors.some(({ pointer }) => pointer === '#/email') === true;
  return (
    <Container
      header={
        <Header variant="h2" description={words.inviteText}>
          {words.inviteTitle}
        </Header>
      }
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <SpaceBetween size="m">
          {failure !== null && !isRefused && <Failure failure={failure} />}
          {link !== null && (
            <Alert type="info">
              {words.notSent} <Box variant="code">{link}</Box>
            </Alert>
          )}
          <FormField label={words.email} errorText={isWrong || isRefused ? words.wrongEmail : undefined}>
            <Input type="email" value={email} onChange={({ detail }) => setEmail(detail.value)} />
          </FormField>
          <FormField label={words.role}>
            <RoleSelect role={role} label={words.role} onChange={setRole} />
          </FormField>
          <Button variant="primary" loading={isBusy}>
            {words.send}
          </Button>
        </SpaceBetween>
      </form>
    </Container>
  );
};

const Everybody = ({ people, reload }: { people: People; reload: () => void }) => {
  const { act, failure } = useAct();
  const { me, announce } = usePortal();
  const isOwner = useMay('secure');
  const nameOf = ({ email, operatorId }: Person): string => email ?? operatorId;
  const change = async (person: Person, role: Role): Promise<void> => {
    const body = { operatorId: person.operatorId, role };
    if ((await act((api) => api.read('POST', '/api/portal/people/role', People, { body }))) === null) return;
    announce(words.roleChanged(nameOf(person)));
    reload();
  };
  const remove = async (person: Person): Promise<void> => {
    const body = { operatorId: person.operatorId };
    if ((await act((api) => api.send('POST', '/api/portal/people/remove', { body }))) === null) return;
    announce(words.removed(nameOf(person)));
    reload();
  };
  const end = async (invitationId: string, email: string): Promise<void> => {
    const body = { invitationId };
    if ((await act((api) => api.send('POST', '/api/portal/people/invitations/revoke', { body }))) === null) return;
    announce(words.ended(email));
    reload();
  };
  return (
    <SpaceBetween size="l">
      {failure !== null && <Failure failure={failure} />}
      <Table
        items={people.people}
        trackBy="operatorId"
        header={
          <Header variant="h1" description={words.description}>
            {words.title}
          </Header>
        }
        columnDefinitions={[
          {
            id: 'email',
            header: words.columns.email,
            isRowHeader: true,
            cell: (person) => `${nameOf(person)}${person.operatorId === me.operatorId ? ` (${words.you})` : ''}`,
          },
          {
            id: 'role',
            header: words.columns.role,
            cell: (person) =>
              isOwner ? (
                <RoleSelect
                  role={person.role}
                  label={`${words.role}: ${nameOf(person)}`}
                  onChange={(role) => void change(person, role)}
                />
              ) : (
                en.top.roles[person.role]
              ),
          },
          { id: 'since', header: words.columns.since, cell: ({ since }) => <Time at={since} /> },
          {
            id: 'remove',
            header: '',
            cell: (person) =>
              isOwner && person.operatorId !== me.operatorId ? (
                <Button
                  variant="inline-link"
                  ariaLabel={`${words.remove}: ${nameOf(person)}`}
                  onClick={() => void remove(person)}
                >
                  {words.remove}
                </Button>
              ) : null,
          },
        ]}
      />
      <Table
        items={people.invitations}
        trackBy="invitationId"
        empty={words.noInvitations}
        header={<Header variant="h2">{words.invitations}</Header>}
        columnDefinitions={[
          { id: 'email', header: words.columns.email, cell: ({ email }) => email, isRowHeader: true },
          { id: 'role', header: words.columns.role, cell: ({ role }) => en.top.roles[role] },
          { id: 'expires', header: words.columns.expires, cell: ({ expiresAt }) => <Time at={expiresAt} /> },
          {
            id: 'end',
            header: '',
            cell: ({ invitationId, email }) =>
              isOwner ? (
                <Button
                  variant="inline-link"
                  ariaLabel={`${words.end}: ${email}`}
                  onClick={() => void end(invitationId, email)}
                >
                  {words.end}
                </Button>
              ) : null,
          },
        ]}
      />
      {isOwner && <InviteForm onDone={reload} />}
    </SpaceBetween>
  );
};

/** Who may sign in, and the invitations that wait. */
export const Component = () => {
  usePageTitle(words.title);
  const answer = useAnswer('people', (api, signal) => api.read('GET', '/api/portal/people', People, { signal }));
  return <Loaded answer={answer}>{(people) => <Everybody people={people} reload={answer.reload} />}</Loaded>;
};
