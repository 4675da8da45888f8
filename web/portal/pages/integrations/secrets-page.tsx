import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useEffect, useState } from 'react';
import { useNavigate } from 'react-router';
import {
  type IntegrationView,
  type SecretGeneration,
  ShownOnce as Shown,
} from '../../../../contract/api/portal/integrations.ts';
import type { Rotation } from '../../../../contract/api/portal/rotation.ts';
import { isRotationRefusal } from '../../api/client.ts';
import { useAct } from '../../api/use-act.ts';
import { DataTable } from '../../components/data-table.tsx';
import { Failure } from '../../components/page-states.tsx';
import { Time } from '../../components/time.tsx';
import { useMay, usePortal } from '../../shell/portal-context.ts';
import { integrations as integrationsWords } from '../../text/en/integrations.ts';
import { IntegrationFrame, nameOf } from './integration-frame.tsx';
import { ShownOnce } from './shown-once.tsx';

const words = integrationsWords.secrets;
const remove = integrationsWords.remove;

/** Counts down to a second; nothing once it has passed. */
const Countdown = ({ to }: { to: number }) => {
  const [now, setNow] = useState(() => Math.floor(Date.now() / 1000));
  useEffect(() => {
    const timer = setInterval(() => setNow(Math.floor(Date.now() / 1000)), 1000);
    return () => clearInterval(timer);
  }, []);
  const left = Math.max(0, to - now);
  const [days, hours, minutes] = [Math.floor(left / 86_400), Math.floor(left / 3600) % 24, Math.floor(left / 60) % 60];
  const two = (count: number): string => String(count).padStart(2, '0');
  return <>{words.left(`${days > 0 ? `${days} d ` : ''}${two(hours)}:${two(minutes)}:${two(left % 60)}`)}</>;
};

const Secrets = ({ secrets }: { secrets: IntegrationView['secrets'] }) => (
  <DataTable
    label={words.title}
    items={secrets}
    keyOf={({ generation }) => generation}
    empty={null}
    columns={[
      {
        id: 'fingerprint',
        header: words.fingerprint,
        cell: ({ fingerprint }) => <Box variant="code">{fingerprint}</Box>,
        isRowHeader: true,
      },
      { id: 'since', header: words.since, cell: ({ since }) => (since === null ? '–' : <Time at={since} />) },
      {
        id: 'used',
        header: words.lastUsed,
        cell: ({ lastUsedAt }) => (lastUsedAt === null ? words.notUsed : <Time at={lastUsedAt} />),
      },
      {
        id: 'state',
        header: words.state,
        cell: ({ endsAt }) =>
          endsAt === null ? (
            words.current
          ) : (
            <>
              {words.ends} <Time at={endsAt} /> (<Countdown to={endsAt} />)
            </>
          ),
      },
    ]}
  />
);

type Overlap = keyof typeof words.overlaps;
const OVERLAPS = (Object.keys(words.overlaps) as Overlap[])
  .sort((a, b) => Number(a) - Number(b))
  .map((seconds) => ({ value: seconds, label: words.overlaps[seconds] }));

/** Which of two secrets ends; chosen for the person only where one of them was used and the other was not. */
const useEnding = (secrets: readonly SecretGeneration[]) => {
  const [chosen, setChosen] = useState<number | null>(null);
  const unused = secrets.filter(({ lastUsedAt }) => lastUsedAt === null);
  const ending =
    secrets.find(({ generation }) => generation === chosen) ?? (unused.length === 1 ? unused[0] : undefined);
  return { ending, choose: setChosen };
};

const Rotate = (props: {
  path: string;
  secrets: readonly SecretGeneration[];
  onShown: (shown: Shown) => void;
  onRefused: () => void;
}) => {
  const { path, secrets } = props;
  const { act, isBusy, failure } = useAct();
  const [overlap, setOverlap] = useState<Overlap>('86400');
  const { ending, choose } = useEnding(secrets);
  const isEnding = secrets.length > 1;
  const choices = secrets.map(({ generation, fingerprint, lastUsedAt, endsAt }) => ({
    value: String(generation),
    label: fingerprint,
    description: words.endingHelp(lastUsedAt !== null, endsAt === null),
  }));
  const rotate = async (): Promise<void> => {
    // With no overlap both end: that is what was chosen.
    const ended = isEnding ? secrets.filter((secret) => overlap === '0' || secret === ending) : [];
    const body: Rotation = {
      generation: Math.max(...secrets.map(({ generation }) => generation)),
      overlapSeconds: Number(overlap),
      ends: ended.map(({ generation, lastUsedAt }) => ({ generation, lastUsedAt })),
    };
    const shown = await act((api) =>
      api.read('POST', `${path}/secrets`, Shown, { body }).catch((error: unknown) => {
        // Where somebody was faster, or the answer to this very rotation was lost: how the secrets stand now.
        if (isRotationRefusal(error)) props.onRefused();
        throw error;
      }),
    );
    if (shown !== null) props.onShown(shown);
  };
  const endsUsed = isEnding && (ending?.lastUsedAt ?? null) !== null;
  return (
    <SpaceBetween size="m">
      {failure !== null && <Failure failure={failure} />}
      <Box variant="p">{words.rotateText}</Box>
      {isEnding && (
        <FormField label={words.ending} description={words.endingText}>
          <Select
            options={choices}
            placeholder={words.choose}
            selectedOption={choices.find(({ value }) => value === String(ending?.generation)) ?? null}
            onChange={({ detail }) => choose(Number(detail.selectedOption.value))}
          />
        </FormField>
      )}
      <FormField label={isEnding ? words.overlapOfOther : words.overlap}>
        <Select
          options={OVERLAPS}
          selectedOption={OVERLAPS.find(({ value }) => value === overlap) ?? null}
          onChange={({ detail }) => setOverlap(detail.selectedOption.value as Overlap)}
        />
      </FormField>
      {overlap === '0' && <Alert type="warning">{words.endNow}</Alert>}
      {overlap !== '0' && endsUsed && <Alert type="warning">{words.endsUsed(ending?.fingerprint ?? '')}</Alert>}
      <Button loading={isBusy} disabled={isEnding && ending === undefined} onClick={() => void rotate()}>
        {words.rotate}
      </Button>
    </SpaceBetween>
  );
};

const Remove = ({ path, name }: { path: string; name: string }) => {
  const { act, isBusy, failure } = useAct();
  const { announce } = usePortal();
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  const doRemove = async (): Promise<void> => {
    const done = await act((api) => api.send('POST', `${path}/delete`, { body: { name: typed } }));
    if (done === null) return;
    announce(remove.done(name));
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
  const isOwner = useMay('secure');
  const navigate = useNavigate();
  const [shown, setShown] = useState<Shown | null>(null);
  const { integrationId } = integration;
  const path = `/api/portal/integrations/${integrationId}`;
  if (shown !== null) {
    return <ShownOnce shown={shown} onDone={() => void navigate(`/integrations/${integrationId}/connect`)} />;
  }
  return (
    <SpaceBetween size="l">
      <Container
        header={
          <Header variant="h2" description={words.text}>
            {words.title}
          </Header>
        }
      >
        <SpaceBetween size="l">
          <Secrets secrets={integration.secrets} />
          {isOwner ? (
            <Rotate path={path} secrets={integration.secrets} onShown={setShown} onRefused={reload} />
          ) : (
            <Box variant="p">{remove.onlyOwners}</Box>
          )}
        </SpaceBetween>
      </Container>
      {isOwner && <Remove path={path} name={nameOf(integration)} />}
    </SpaceBetween>
  );
};

/** Fingerprints, rotation and deletion. */
export const Component = () => (
  <IntegrationFrame>
    {(integration, reload) => <SecretsAndDeletion integration={integration} reload={reload} />}
  </IntegrationFrame>
);
