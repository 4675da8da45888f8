import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import { useState } from 'react';
import * as z from 'zod';
import { Reason } from '../../../../contract/api/portal/users.ts';
import type { PortalRoute } from '../../../../contract/api/routes/definition.ts';
import { INTEGRATION_ROUTES } from '../../../../contract/api/routes/portal-integrations.ts';
import { USER_ROUTES } from '../../../../contract/api/routes/portal-users.ts';
import { useMutation } from '../../api/use-mutation.ts';
import { useQuery } from '../../api/use-query.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { useKept } from '../../session/draft.ts';
import { usePortal } from '../../shell/portal-context.ts';
import { users as texts } from '../../text/en/users.ts';
import type { Target } from './user-state.tsx';

type Action = 'unlock' | 'uninvite' | 'reenroll' | 'disable' | 'enable';
const ROUTES = {
  unlock: USER_ROUTES.portalUnlockUser,
  uninvite: USER_ROUTES.portalUninviteUser,
  reenroll: USER_ROUTES.portalRequireEnrollment,
  disable: USER_ROUTES.portalDisableUser,
  enable: USER_ROUTES.portalEnableUser,
} as const satisfies Readonly<Record<Action, PortalRoute>>;
const HOURS = [1, 24, 72, 168].map((hours) => ({ value: String(hours), label: texts.acts.hour(hours) }));

type Policy = keyof typeof texts.dialogs.reenroll.policy;

/** What the integration's rules mean after the face is removed: who could enroll during that time. */
const PolicyNote = ({ integrationId }: { integrationId: string }) => {
  const result = useQuery(`integration ${integrationId}`, (api, signal) =>
    api.call(INTEGRATION_ROUTES.portalIntegration, { path: { integrationId }, signal }),
  );
  if (result.state !== 'ready') return null;
  const { allowSelfEnrollment, selfEnrollmentRequires } = result.data.options;
  const policy = allowSelfEnrollment === false ? 'off' : String(selfEnrollmentRequires);
  const notes = texts.dialogs.reenroll.policy;
  if (!(policy in notes)) return null;
  return <Alert type={policy === 'nothing' ? 'warning' : 'info'}>{notes[policy as Policy]}</Alert>;
};

/** Unlock, revoke an invitation, disable, enable, require re-enrollment: explains the action, and asks for a reason if one is required. */
export const ActionDialog = (props: { action: Action; target: Target; onClose: () => void; onDone: () => void }) => {
  const { action: name, target } = props;
  const { announce } = usePortal();
  const { mutate, isBusy, failure } = useMutation();
  const [reason, setReason] = useKept('reason', z.string(), '');
  const [hours, setHours] = useKept('hours', z.string(), '24');
  const [isTried, setTried] = useState(false);
  const needsReason = name !== 'unlock' && name !== 'uninvite';
  const isWrong = needsReason && !Reason.safeParse(reason).success;
  const run = async (): Promise<void> => {
    setTried(true);
    if (isWrong) return;
    const body = {
      ...target,
      ...(needsReason ? { reason } : {}),
      ...(name === 'reenroll' ? { withinHours: Number(hours) } : {}),
    };
    if ((await mutate((api) => api.call(ROUTES[name], { body }))) === null) return;
    announce(texts.dialogs[name].done);
    props.onDone();
  };
  return (
    <ConfirmDialog
      title={texts.dialogs[name].title}
      confirm={texts.acts[name]}
      cancel={texts.acts.cancel}
      isBusy={isBusy}
      failure={failure}
      onConfirm={() => void run()}
      onClose={props.onClose}
    >
      <Box variant="code">{target.externalId}</Box>
      <Box variant="p">{texts.dialogs[name].text}</Box>
      {name === 'reenroll' && <PolicyNote integrationId={target.integrationId} />}
      {name === 'reenroll' && (
        <FormField label={texts.acts.hours}>
          <Select
            options={HOURS}
            selectedOption={HOURS.find(({ value }) => value === hours) ?? null}
            onChange={({ detail }) => setHours(detail.selectedOption.value ?? '24')}
          />
        </FormField>
      )}
      {needsReason && (
        <FormField
          label={texts.acts.reason}
          constraintText={texts.acts.reasonHint}
          errorText={isTried && isWrong ? texts.acts.reasonWrong : undefined}
        >
          <Input value={reason} onChange={({ detail }) => setReason(detail.value)} />
        </FormField>
      )}
    </ConfirmDialog>
  );
};
