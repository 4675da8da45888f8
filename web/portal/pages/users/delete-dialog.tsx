import Box from '@cloudscape-design/components/box';
import type { DeletionReceipt } from '../../../../contract/api/portal/users.ts';
import { USER_ROUTES } from '../../../../contract/api/routes/portal-users.ts';
import { useMutation } from '../../api/use-mutation.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { users as texts } from '../../text/en/users.ts';
import type { Target } from './user-state.tsx';

export const DeleteDialog = (props: {
  target: Target;
  isDisabled: boolean;
  onClose: () => void;
  onDeleted: (receipt: DeletionReceipt) => void;
}) => {
  const { mutate, isBusy, failure } = useMutation();
  const remove = async (): Promise<void> => {
    const body = props.target;
    const receipt = await mutate((api) => api.call(USER_ROUTES.portalDeleteUser, { body }));
    if (receipt !== null) props.onDeleted(receipt);
  };
  return (
    <ConfirmDialog
      title={texts.dialogs.delete.title}
      confirm={texts.acts.delete}
      cancel={texts.acts.cancel}
      isBusy={isBusy}
      failure={failure}
      onConfirm={() => void remove()}
      onClose={props.onClose}
    >
      <Box variant="code">{props.target.externalId}</Box>
      <Box variant="p">{texts.dialogs.delete.text}</Box>
      {props.isDisabled && <Box variant="p">{texts.dialogs.delete.textDisabled}</Box>}
    </ConfirmDialog>
  );
};
