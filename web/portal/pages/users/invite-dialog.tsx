import Box from '@cloudscape-design/components/box';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import { useState } from 'react';
import * as z from 'zod';
import { NewExternalId } from '../../../../contract/api/external-id.ts';
import { USER_ROUTES } from '../../../../contract/api/routes/portal-users.ts';
import { useMutation } from '../../api/use-mutation.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { useKept } from '../../session/draft.ts';
import { usePortal } from '../../shell/portal-context.ts';
import { users as texts } from '../../text/en/users.ts';
import { userPath } from './user-state.tsx';

const HOURS = [1, 24, 72, 168, 720].map((hours) => ({ value: String(hours), label: texts.acts.hour(hours) }));

/** Lets a user enroll: the user of the page, or the one with the entered External ID. */
export const InviteDialog = (props: {
  target: { readonly integrationId: string; readonly externalId?: string };
  onClose: () => void;
  onDone: (externalId: string) => void;
}) => {
  const { integrationId, externalId: given } = props.target;
  const { announce } = usePortal();
  const { mutate, isBusy, failure } = useMutation();
  const [typed, setTyped] = useKept('external-id', z.string(), '');
  const [hours, setHours] = useKept('hours', z.string(), '168');
  const [isTried, setTried] = useState(false);
  const externalId = NewExternalId.safeParse(given ?? typed);
  const invite = async (): Promise<void> => {
    setTried(true);
    if (!externalId.success) return;
    const body = { integrationId, externalId: externalId.data, withinHours: Number(hours) };
    if ((await mutate((api) => api.call(USER_ROUTES.portalInviteUser, { body }))) === null) return;
    const message = texts.invite.done(externalId.data);
    if (given === undefined) announce(message, userPath(integrationId, externalId.data));
    else announce(message);
    props.onDone(externalId.data);
  };
  return (
    <ConfirmDialog
      title={texts.invite.title}
      confirm={texts.acts.invite}
      cancel={texts.acts.cancel}
      isBusy={isBusy}
      failure={failure}
      onConfirm={() => void invite()}
      onClose={props.onClose}
    >
      {given !== undefined && <Box variant="code">{given}</Box>}
      <Box variant="p">{texts.invite.text}</Box>
      {given === undefined && (
        <FormField
          label={texts.invite.externalId}
          constraintText={texts.invite.externalIdHint}
          errorText={isTried && !externalId.success ? texts.invite.externalIdWrong : undefined}
        >
          <Input value={typed} placeholder="auth0|" onChange={({ detail }) => setTyped(detail.value)} />
        </FormField>
      )}
      <FormField label={texts.acts.invitedHours}>
        <Select
          options={HOURS}
          selectedOption={HOURS.find(({ value }) => value === hours) ?? null}
          onChange={({ detail }) => setHours(detail.selectedOption.value ?? '168')}
        />
      </FormField>
    </ConfirmDialog>
  );
};
