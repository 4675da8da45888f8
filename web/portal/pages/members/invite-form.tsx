import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import * as z from 'zod';
import { Invite, type Invited } from '../../../../contract/api/portal/members.ts';
import { Role } from '../../../../contract/api/portal/permissions.ts';
import { MEMBER_ROUTES } from '../../../../contract/api/routes/portal-members.ts';
import { useMutation } from '../../api/use-mutation.ts';
import { Failure } from '../../components/page-states.tsx';
import { useKept } from '../../session/draft.ts';
import { usePortal } from '../../shell/portal-context.ts';
import { people as texts } from '../../text/en/people.ts';
import { RoleSelect } from './role-select.tsx';

/** Values of the form; they come back after signing in again. */
const Draft = z.strictObject({ email: z.string(), role: Role });
const EMPTY: z.infer<typeof Draft> = { email: '', role: 'viewer' };

/** Sends an invitation by e-mail; if it cannot be sent, shows its link once. */
export const InviteForm = ({ onDone }: { onDone: () => void }) => {
  const { mutate, isBusy, failure } = useMutation();
  const { announce } = usePortal();
  const [draft, setDraft] = useKept('invitation', Draft, EMPTY);
  const { email, role } = draft;
  const [isWrong, setWrong] = useState(false);
  const [invited, setInvited] = useState<Invited | null>(null);
  const send = async (): Promise<void> => {
    const body = Invite.safeParse({ email: email.trim(), role });
    setWrong(!body.success);
    if (!body.success) return;
    const answer = await mutate((api) => api.call(MEMBER_ROUTES.portalInvite, { body: body.data }));
    if (answer === null) return;
    if (answer.link === null) announce(texts.sent(answer.invitation.email));
    setInvited(answer);
    setDraft(EMPTY);
    onDone();
  };
  const isRefused = failure?.errors.some(({ pointer }) => pointer === '#/email') === true;
  return (
    <Container
      header={
        <Header variant="h2" description={texts.inviteText}>
          {texts.inviteTitle}
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
          {invited !== null && invited.link !== null && (
            <Alert type={invited.mail === 'failed' ? 'warning' : 'info'}>
              {texts.notSent[invited.mail === 'failed' ? 'failed' : 'none']} <Box variant="code">{invited.link}</Box>
            </Alert>
          )}
          <FormField label={texts.email} errorText={isWrong || isRefused ? texts.wrongEmail : undefined}>
            <Input type="email" value={email} onChange={({ detail }) => setDraft({ ...draft, email: detail.value })} />
          </FormField>
          <FormField label={texts.role}>
            <RoleSelect role={role} label={texts.role} onChange={(chosen) => setDraft({ ...draft, role: chosen })} />
          </FormField>
          <Button variant="primary" loading={isBusy}>
            {texts.send}
          </Button>
        </SpaceBetween>
      </form>
    </Container>
  );
};
