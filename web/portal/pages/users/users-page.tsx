import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type ReactNode, useState } from 'react';
import { useNavigate } from 'react-router';
import { UserState, type UserSummary } from '../../../../contract/api/portal/users.ts';
import { USER_ROUTES } from '../../../../contract/api/routes/portal-users.ts';
import { useQuery } from '../../api/use-query.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { PageLink } from '../../components/page-link.tsx';
import { Loaded } from '../../components/page-states.tsx';
import { Empty, Pager } from '../../components/pager.tsx';
import { Time } from '../../components/time.tsx';
import { TypedFilter } from '../../components/typed-filter.tsx';
import { useAddress } from '../../components/use-address.ts';
import { useTypedFilters } from '../../components/use-typed-filters.ts';
import { WithIntegration } from '../../components/with-integration.tsx';
import { useMay } from '../../shell/portal-context.ts';
import { users as texts } from '../../text/en/users.ts';
import { InviteDialog } from './invite-dialog.tsx';
import { UserStateText, userPath } from './user-state.tsx';

const ROWS = 25;
const TYPED = ['prefix'] as const;

const columnsOf = (integrationId: string): readonly Column<UserSummary>[] => [
  {
    id: 'externalId',
    header: texts.columns.externalId,
    cell: ({ externalId }) => <PageLink to={userPath(integrationId, externalId)}>{externalId}</PageLink>,
    isRowHeader: true,
    breaks: true,
  },
  { id: 'state', header: texts.columns.state, whole: true, cell: ({ state }) => <UserStateText state={state} /> },
  { id: 'enrolled', header: texts.columns.enrolled, cell: ({ enrolledAt }) => <Time at={enrolledAt} /> },
  { id: 'verified', header: texts.columns.verified, cell: ({ lastVerifiedAt }) => <Time at={lastVerifiedAt} /> },
  { id: 'failures', header: texts.columns.failures, cell: ({ failures }) => failures },
];

const STATES = [
  { value: '', label: texts.anyState },
  ...UserState.options.map((value) => ({ value, label: texts.states[value] })),
];

const Filters = ({ choice }: { choice: ReactNode }) => {
  const address = useAddress();
  const typed = useTypedFilters(TYPED);
  return (
    <div className="filters">
      {choice}
      <TypedFilter filters={typed} name="prefix" label={texts.find} placeholder="auth0|" />
      <FormField label={texts.state}>
        <Select
          options={STATES}
          selectedOption={STATES.find(({ value }) => value === address.of('state')) ?? null}
          onChange={({ detail }) => address.set({ state: detail.selectedOption.value ?? '' })}
        />
      </FormField>
    </div>
  );
};

/** For owners and admins: invites a user whom the service need not know yet. */
const InviteButton = ({ integrationId }: { integrationId: string }) => {
  const [isAsked, setAsked] = useState(false);
  const navigate = useNavigate();
  if (!useMay('write')) return null;
  return (
    <>
      <Button onClick={() => setAsked(true)}>{texts.invite.open}</Button>
      {isAsked && (
        <InviteDialog
          target={{ integrationId }}
          onClose={() => setAsked(false)}
          onDone={(externalId) => void navigate(userPath(integrationId, externalId))}
        />
      )}
    </>
  );
};

const Users = ({ integrationId, choice }: { integrationId: string; choice: ReactNode }) => {
  const address = useAddress();
  const result = useQuery(`users ${integrationId} ${address.key}`, (api, signal) =>
    api.call(USER_ROUTES.portalUsers, {
      path: { integrationId },
      query: {
        prefix: address.of('prefix'),
        state: address.of('state'),
        cursor: address.of('cursor'),
        limit: ROWS,
      },
      signal,
    }),
  );
  return (
    <SpaceBetween size="l">
      <Header variant="h1" description={texts.description} actions={<InviteButton integrationId={integrationId} />}>
        {texts.title}
      </Header>
      <Filters choice={choice} />
      <Loaded result={result}>
        {({ users, cursor }) => (
          <DataTable
            label={texts.title}
            items={users}
            columns={columnsOf(integrationId)}
            keyOf={({ externalId }) => externalId}
            empty={<Empty title={texts.emptyTitle} text={texts.emptyText} />}
            footer={<Pager cursor={cursor} isShort={users.length < ROWS} />}
          />
        )}
      </Loaded>
    </SpaceBetween>
  );
};

/** Users of an integration, by External ID and state. */
export const Component = () => (
  <WithIntegration>{(id, choice) => <Users integrationId={id} choice={choice} />}</WithIntegration>
);
