import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import type { UserState } from '../../../../contract/api/portal/users.ts';
import { users as usersTexts } from '../../text/en/users.ts';

const TYPES: Readonly<Record<UserState, StatusIndicatorProps.Type>> = {
  enrolled: 'success',
  not_enrolled: 'pending',
  locked: 'warning',
  disabled: 'stopped',
};

/** State of a user, by shape and text and not only by color. */
export const UserStateText = ({ state }: { state: UserState }) => (
  <StatusIndicator type={TYPES[state]}>{usersTexts.states[state]}</StatusIndicator>
);

/** The user that an action concerns. */
export interface Target {
  readonly integrationId: string;
  readonly externalId: string;
}

/** Address of a user's page: External IDs can contain characters that are not allowed in a path. */
export const userPath = (integrationId: string, externalId: string): string =>
  `/users/person?${new URLSearchParams({ integration: integrationId, externalId })}`;
