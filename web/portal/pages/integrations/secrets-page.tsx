import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useEffect, useState } from 'react';
import { useNavigate } from 'react-router';
import * as z from 'zod';
import type { IntegrationView, ShownOnce as Shown } from '../../../../contract/api/portal/integrations.ts';
import { INTEGRATION_ROUTES } from '../../../../contract/api/routes/portal-integrations.ts';
import { useMutation } from '../../api/use-mutation.ts';
import { DataTable } from '../../components/data-table.tsx';
import { Failure } from '../../components/page-states.tsx';
import { Time } from '../../components/time.tsx';
import { useKept } from '../../session/draft.ts';
import { useMay, usePortal } from '../../shell/portal-context.ts';
import { remove, secrets as texts } from '../../text/en/secrets.ts';
import { IntegrationFrame, nameOf } from './integration-frame.tsx';
import { RotateSecret } from './rotate-secret.tsx';
import { ShownOnce } from './shown-once.tsx';

/** Counts down to a time; nothing once it has passed. */
const Countdown = ({ to }: { to: number }) => {
  const [now, setNow] = useState(() => Math.floor(Date.now() / 1000));
  useEffect(() => {
    const timer = setInterval(() => setNow(Math.floor(Date.now() / 1000)), 1000);
    return () => clearInterval(timer);
  }, []);
  const left = Math.max(0, to - now);
  const [days, hours, minutes] = [Math.floor(left / 86_400), Math.floor(left / 3600) % 24, Math.floor(left / 60) % 60];
  const two = (count: number): string => String(count).padStart(2, '0');
  return <>{texts.left(`${days > 0 ? `${days} d ` : ''}${two(hours)}:${two(minutes)}:${two(left % 60)}`)}</>;
};

const Secrets = ({ secrets }: { secrets: IntegrationView['secrets'] }) => (
  <DataTable
    label={texts.title}
    items={secrets}
    keyOf={({ generation }) => generation}
    empty={null}
    columns={[
      {
        id: 'fingerprint',
        header: texts.fingerprint,
        cell: ({ fingerprint }) => <Box variant="code">{fingerprint}</Box>,
        isRowHeader: true,
      },
      { id: 'since', header: texts.since, cell: ({ since }) => (since === null ? '–' : <Time at={since} />) },
      {
        id: 'used',
        header: texts.lastUsed,
        cell: ({ lastUsedAt }) => (lastUsedAt === null ? texts.notUsed : <Time at={lastUsedAt} />),
      },
      {
        id: 'state',
        header: texts.state,
        cell: ({ endsAt }) =>
          endsAt === null ? (
            texts.current
          ) : (
            <>
              {texts.ends} <Time at={endsAt} /> (<Countdown to={endsAt} />)
            </>
          ),
      },
    ]}
  />
);

const Remove = ({ integrationId, name }: { integrationId: string; name: string }) => {
  const { mutate, isBusy, failure } = useMutation();
  const { announce } = usePortal();
  const navigate = useNavigate();
  const [typed, setTyped] = useKept('name', z.string(), '');
  const doRemove = async (): Promise<void> => {
    const done = await mutate((api) =>
      api.call(INTEGRATION_ROUTES.portalDeleteIntegration, { path: { integrationId }, body: { name: typed } }),
    );
    if (done === null) return;
    announce(remove.done(name), '/integrations');
    void navigate('/integrations');
  };
  return (
    <Container header={<Header variant="h2">{remove.title}</Header>}>
      <SpaceBetween size="m">
        {failure !== null && <Failure failure={failure} />}
        <Box variant="p">{remove.text}</Box>
        <FormField label={remove.type(name)}>
          <Input value={typed} autoComplete={false} onChange={({ detail }) => setTyped(detail.value)} />
        </FormField>
        <Button disabled={typed !== name} loading={isBusy} onClick={() => void doRemove()}>
          {remove.button}
        </Button>
      </SpaceBetween>
    </Container>
  );
};

const SecretsAndDeletion = ({ integration, reload }: { integration: IntegrationView; reload: () => void }) => {
  const isOwner = useMay('admin');
  const navigate = useNavigate();
  const [shown, setShown] = useState<Shown | null>(null);
  const { integrationId } = integration;
  if (shown !== null) {
    return <ShownOnce shown={shown} onDone={() => void navigate(`/integrations/${integrationId}/connect`)} />;
  }
  return (
    <SpaceBetween size="l">
      <Container
        header={
          <Header variant="h2" description={texts.text}>
            {texts.title}
          </Header>
        }
      >
        <SpaceBetween size="l">
          <Secrets secrets={integration.secrets} />
          {isOwner ? (
            <RotateSecret
              integrationId={integrationId}
              secrets={integration.secrets}
              onShown={setShown}
              onRefused={reload}
            />
          ) : (
            <Box variant="p">{remove.onlyOwners}</Box>
          )}
        </SpaceBetween>
      </Container>
      {isOwner && <Remove integrationId={integrationId} name={nameOf(integration)} />}
    </SpaceBetween>
  );
};

/** Fingerprints, rotation and deletion. */
export const Component = () => (
  <IntegrationFrame>
    {(integration, reload) => <SecretsAndDeletion integration={integration} reload={reload} />}
  </IntegrationFrame>
);
