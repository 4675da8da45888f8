import ButtonDropdown, { type ButtonDropdownProps } from '@cloudscape-design/components/button-dropdown';
import { lazy, Suspense } from 'react';
import * as z from 'zod';
import type { DeletionReceipt, UserView } from '../../../../contract/api/portal/users.ts';
import { useKept } from '../../session/draft.ts';
import { users as usersTexts } from '../../text/en/users.ts';
import type { Target } from './user-state.tsx';

const texts = usersTexts.acts;
// Loaded when a dialog opens: their fields weigh more than the page.
const ActionDialog = lazy(() => import('./action-dialog.tsx').then(({ ActionDialog }) => ({ default: ActionDialog })));
const DeleteDialog = lazy(() => import('./delete-dialog.tsx').then(({ DeleteDialog }) => ({ default: DeleteDialog })));
const InviteDialog = lazy(() => import('./invite-dialog.tsx').then(({ InviteDialog }) => ({ default: InviteDialog })));

const Action = z.enum(['unlock', 'invite', 'uninvite', 'reenroll', 'disable', 'enable', 'delete']);
type Action = z.infer<typeof Action>;
/** The open dialog; it comes back after signing in again. */
const Asked = Action.nullable();

/** True while the invitation is valid by this machine's clock; the service decides by its own. */
export const isInvited = ({ invitation }: UserView): boolean =>
  invitation !== null && Date.now() < invitation.endsAt * 1000;

const actionsFor = (user: UserView): readonly ButtonDropdownProps.Item[] => [
  ...(user.failures > 0 || user.state === 'locked' ? [{ id: 'unlock', text: texts.unlock }] : []),
  ...(user.enrolledAt === null ? [{ id: 'invite', text: texts.invite }] : []),
  ...(isInvited(user) ? [{ id: 'uninvite', text: texts.uninvite }] : []),
  { id: 'reenroll', text: texts.reenroll },
  user.disabled === null ? { id: 'disable', text: texts.disable } : { id: 'enable', text: texts.enable },
  { id: 'delete', text: texts.delete },
];

/** Actions of an owner or admin on a user; each asks for confirmation. */
export const UserActions = (props: {
  user: UserView;
  target: Target;
  onChanged: () => void;
  onDeleted: (receipt: DeletionReceipt) => void;
}) => {
  const [asked, setAsked] = useKept('action', Asked, null);
  const close = (): void => setAsked(null);
  const done = (): void => {
    close();
    props.onChanged();
  };
  const { user, target } = props;
  return (
    <>
      <ButtonDropdown items={actionsFor(user)} onItemClick={({ detail }) => setAsked(detail.id as Action)}>
        {texts.menu}
      </ButtonDropdown>
      <Suspense fallback={null}>
        {asked === 'delete' && (
          <DeleteDialog
            target={target}
            isDisabled={user.disabled !== null}
            onClose={close}
            onDeleted={props.onDeleted}
          />
        )}
        {asked === 'invite' && <InviteDialog target={target} onClose={close} onDone={done} />}
        {asked !== null && asked !== 'delete' && asked !== 'invite' && (
          <ActionDialog action={asked} target={target} onClose={close} onDone={done} />
        )}
      </Suspense>
    </>
  );
};
