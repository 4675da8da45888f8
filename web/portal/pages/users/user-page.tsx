import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { type DeletionReceipt, reenrollmentOf, type UserView } from '../../../../contract/api/portal/users.ts';
import { TRANSACTION_ROUTES } from '../../../../contract/api/routes/portal-transactions.ts';
import { USER_ROUTES } from '../../../../contract/api/routes/portal-users.ts';
import { useQuery } from '../../api/use-query.ts';
import { PageLink } from '../../components/page-link.tsx';
import { Loaded } from '../../components/page-states.tsx';
import { Time } from '../../components/time.tsx';
import { useAddress } from '../../components/use-address.ts';
import { useMay } from '../../shell/portal-context.ts';
import { users as texts } from '../../text/en/users.ts';
import { LoginTable } from '../transactions/login-table.tsx';
import { Photo } from './photo.tsx';
import { Receipt } from './receipt.tsx';
import { isInvited, UserActions } from './user-actions.tsx';
import { UserStateText } from './user-state.tsx';

/** Before any login: the index of a user's logins is read newest first, whatever the time range. */
const SINCE_EVER = 1_600_000_000;
const HISTORY_ROWS = 10;

const Status = ({ user }: { user: UserView }) => {
  const { consent, disabled, invitation } = user;
  const reenrollment = reenrollmentOf(user);
  const labels = texts.person;
  return (
    <Container header={<Header variant="h2">{labels.status}</Header>}>
      <KeyValuePairs
        columns={3}
        items={[
          { label: labels.state, value: <UserStateText state={user.state} /> },
          { label: labels.enrolledAt, value: <Time at={user.enrolledAt} /> },
          { label: labels.verifiedAt, value: <Time at={user.lastVerifiedAt} /> },
          { label: labels.failures, value: user.failures },
          ...(user.lockedUntil === null ? [] : [{ label: labels.lockedUntil, value: <Time at={user.lockedUntil} /> }]),
          ...(disabled === null
            ? []
            : [
                { label: labels.disabledAt, value: <Time at={disabled.at} /> },
                { label: labels.reason, value: disabled.reason },
              ]),
          ...(reenrollment === null ? [] : [{ label: labels.reenrollUntil, value: <Time at={reenrollment.until} /> }]),
          ...(invitation === null
            ? []
            : [
                {
                  label: isInvited(user) ? labels.invitedUntil : labels.invitationEnded,
                  value: <Time at={invitation.endsAt} />,
                },
                { label: labels.invitedBy, value: invitation.by },
              ]),
          {
            label: labels.consent,
            value:
              consent === null ? (
                labels.noConsent
              ) : (
                <>
                  <Time at={consent.at} /> ({labels.consentOf(consent.version, consent.locale)}
                  {consent.isTextOnRecord ? '' : labels.wordsUnknown})
                </>
              ),
          },
          { label: labels.engine, value: user.engine ?? '–' },
          { label: labels.version, value: user.version },
          { label: labels.purgeAt, value: <Time at={user.purgeAt} /> },
        ]}
      />
    </Container>
  );
};

const History = ({ integrationId, externalId }: { integrationId: string; externalId: string }) => {
  const result = useQuery(`history ${integrationId} ${externalId}`, (api, signal) =>
    api.call(TRANSACTION_ROUTES.portalTransactions, {
      path: { integrationId },
      query: { externalId, from: SINCE_EVER, limit: HISTORY_ROWS },
      signal,
    }),
  );
  const all = new URLSearchParams({ integration: integrationId, externalId, span: 'quarter' });
  return (
    <SpaceBetween size="xs">
      <Header variant="h2">{texts.person.history}</Header>
      <Loaded result={result}>
        {({ transactions }) => (
          <LoginTable logins={transactions} integrationId={integrationId} label={texts.person.history} isOfOne />
        )}
      </Loaded>
      <PageLink to={`/transactions?${all}`}>{texts.person.allLogins}</PageLink>
    </SpaceBetween>
  );
};

const UserDetails = (props: { user: UserView; integrationId: string; onChanged: () => void }) => {
  const { user, integrationId } = props;
  const [receipt, setReceipt] = useState<DeletionReceipt | null>(null);
  const mayManage = useMay('write');
  const target = { integrationId, externalId: user.externalId };
  if (receipt !== null) return <Receipt receipt={receipt} />;
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        actions={
          mayManage ? (
            <UserActions user={user} target={target} onChanged={props.onChanged} onDeleted={setReceipt} />
          ) : undefined
        }
      >
        {user.externalId}
      </Header>
      <Status user={user} />
      {mayManage && <Photo key={`${user.version}`} target={target} isEnrolled={user.enrolledAt !== null} />}
      <History {...target} />
    </SpaceBetween>
  );
};

/** One user: state, history, and actions. */
export const Component = () => {
  const address = useAddress();
  const [integrationId, externalId] = [address.of('integration'), address.of('externalId')];
  const result = useQuery(`user ${integrationId} ${externalId}`, (api, signal) =>
    api.call(USER_ROUTES.portalUser, { query: { integrationId, externalId }, signal }),
  );
  return (
    <SpaceBetween size="m">
      <PageLink to={`/users?integration=${encodeURIComponent(integrationId)}`}>{texts.back}</PageLink>
      <Loaded result={result}>
        {(user) => <UserDetails user={user} integrationId={integrationId} onChanged={result.reload} />}
      </Loaded>
    </SpaceBetween>
  );
};
