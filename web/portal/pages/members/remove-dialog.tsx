import Box from '@cloudscape-design/components/box';
import type { Member } from '../../../../contract/api/portal/members.ts';
import { MEMBER_ROUTES } from '../../../../contract/api/routes/portal-members.ts';
import { useMutation } from '../../api/use-mutation.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { useSignedIn } from '../../session/session-context.ts';
import { usePortal } from '../../shell/portal-context.ts';
import { people as words } from '../../text/en/people.ts';

export const nameOf = ({ email, operatorId }: Member): string => email ?? operatorId;

/** Asks before somebody loses access; the operator themselves leaves the account and is signed out. */
export const RemoveDialog = (props: { person: Member; onDone: () => void; onClose: () => void }) => {
  const { mutate, isBusy, failure } = useMutation();
  const { me, announce } = usePortal();
  const { signOut } = useSignedIn();
  const { person } = props;
  const isSelf = person.operatorId === me.operatorId;
  const remove = async (): Promise<void> => {
    const { operatorId } = person;
    const done = await mutate((api) =>
      isSelf
        ? api.call(MEMBER_ROUTES.portalLeave)
        : api.call(MEMBER_ROUTES.portalRemovePerson, { body: { operatorId } }),
    );
    if (done === null) return;
    if (isSelf) return signOut();
    announce(words.removed(nameOf(person)));
    props.onDone();
  };
  return (
    <ConfirmDialog
      title={isSelf ? words.leaveTitle : words.removeTitle(nameOf(person))}
      confirm={isSelf ? words.leave : words.remove}
      cancel={words.cancel}
      isBusy={isBusy}
      failure={failure}
      onConfirm={() => void remove()}
      onClose={props.onClose}
    >
      <Box variant="p">{isSelf ? words.leaveText : words.removeText}</Box>
    </ConfirmDialog>
  );
};
