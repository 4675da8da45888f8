import Box from '@cloudscape-design/components/box';
import type { Member } from '../../../../contract/api/portal/members.ts';
import { MEMBER_ROUTES } from '../../../../contract/api/routes/portal-members.ts';
import { useMutation } from '../../api/use-mutation.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { useSignedIn } from '../../session/session-context.ts';
import { usePortal } from '../../shell/portal-context.ts';
import { people as texts } from '../../text/en/people.ts';

export const nameOf = ({ email, operatorId }: Member): string => email ?? operatorId;

/** Asks before a member loses access; operators who remove themselves leave the account and are signed out. */
export const RemoveDialog = (props: { member: Member; onDone: () => void; onClose: () => void }) => {
  const { mutate, isBusy, failure } = useMutation();
  const { me, announce } = usePortal();
  const { signOut } = useSignedIn();
  const { member } = props;
  const isSelf = member.operatorId === me.operatorId;
  const remove = async (): Promise<void> => {
    const { operatorId } = member;
    const done = await mutate((api) =>
      isSelf
        ? api.call(MEMBER_ROUTES.portalLeave)
        : api.call(MEMBER_ROUTES.portalRemovePerson, { body: { operatorId } }),
    );
    if (done === null) return;
    if (isSelf) return signOut();
    announce(texts.removed(nameOf(member)));
    props.onDone();
  };
  return (
    <ConfirmDialog
      title={isSelf ? texts.leaveTitle : texts.removeTitle(nameOf(member))}
      confirm={isSelf ? texts.leave : texts.remove}
      cancel={texts.cancel}
      isBusy={isBusy}
      failure={failure}
      onConfirm={() => void remove()}
      onClose={props.onClose}
    >
      <Box variant="p">{isSelf ? texts.leaveText : texts.removeText}</Box>
    </ConfirmDialog>
  );
};
