import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import type { UserState } from '../../../../contract/api/portal/users.ts';
import { users as usersWords } from '../../text/en/users.ts';

const TYPES: Readonly<Record<UserState, StatusIndicatorProps.Type>> = {
  enrolled: 'success',
  not_enrolled: 'pending',
  locked: 'warning',
  disabled: 'stopped',
};

/** How a person stands, by shape and word and not by colour alone. */
export const UserStateText = ({ state }: { state: UserState }) => (
  <StatusIndicator type={TYPES[state]}>{usersWords.states[state]}</StatusIndicator>
);

/** Whom an act is about. */
export interface Target {
  readonly integrationId: string;
  readonly externalId: string;
}

/** Where a person's page is: External IDs hold characters that have no place in a path. */
export const personPath = (integrationId: string, externalId: string): string =>
  `/users/person?${new URLSearchParams({ integration: integrationId, externalId })}`;
