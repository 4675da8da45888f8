import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useState } from 'react';
import type { ConsentSummary } from '../../../../contract/api/portal/consents.ts';
import { CONSENT_ROUTES } from '../../../../contract/api/routes/portal-consents.ts';
import { useQuery } from '../../api/use-query.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Loaded } from '../../components/page-states.tsx';
import { Time } from '../../components/time.tsx';
import { integrations as integrationsTexts } from '../../text/en/integrations.ts';
import { logins as loginsTexts } from '../../text/en/logins.ts';
import { en } from '../../text/en.ts';

const texts = integrationsTexts.consents;
const ROWS = 10;

const columnsOf = (onRead: (version: string) => void): readonly Column<ConsentSummary>[] => [
  { id: 'version', header: texts.version, cell: ({ version }) => version, isRowHeader: true, breaks: true },
  {
    id: 'state',
    header: texts.state,
    whole: true,
    cell: ({ isCurrent }) => (
      <StatusIndicator type={isCurrent ? 'success' : 'stopped'}>
        {isCurrent ? texts.current : texts.earlier}
      </StatusIndicator>
    ),
  },
  {
    id: 'since',
    header: texts.since,
    cell: ({ since }) => (since === null ? texts.beforeHistory : <Time at={since} />),
  },
  { id: 'by', header: texts.by, cell: ({ by }) => by ?? '–', breaks: true },
  {
    id: 'read',
    header: texts.text,
    cell: ({ version }) => (
      <Button variant="inline-link" ariaLabel={texts.readOf(version)} onClick={() => onRead(version)}>
        {texts.read}
      </Button>
    ),
  },
];

const Wording = (props: { integrationId: string; version: string; onClose: () => void }) => {
  const { integrationId, version } = props;
  const result = useQuery(`consent ${integrationId} ${version}`, (api, signal) =>
    api.call(CONSENT_ROUTES.portalConsent, { query: { integrationId, version }, signal }),
  );
  return (
    <Dialog title={texts.title(version)} close={en.top.dismiss} onClose={props.onClose}>
      <Loaded result={result}>{({ text }) => <div className="wording">{text}</div>}</Loaded>
    </Dialog>
  );
};

/** Every consent text that users were asked to accept, newest first: the text that a user agreed to is found here by its version. */
export const ConsentHistory = ({ integrationId, inForce }: { integrationId: string; inForce: string }) => {
  const [cursor, setCursor] = useState('');
  const [read, setRead] = useState<string | null>(null);
  const result = useQuery(`consents ${integrationId} ${inForce} ${cursor}`, (api, signal) =>
    api.call(CONSENT_ROUTES.portalConsents, {
      path: { integrationId },
      query: { cursor, limit: ROWS },
      signal,
    }),
  );
  return (
    <Container
      header={
        <Header variant="h2" description={texts.description}>
          {texts.history}
        </Header>
      }
    >
      <Loaded result={result}>
        {(page) => (
          <SpaceBetween size="s">
            <DataTable
              label={texts.history}
              items={page.consents}
              columns={columnsOf(setRead)}
              keyOf={({ number }) => number}
              empty={<Box textAlign="center">{texts.none}</Box>}
            />
            {(cursor !== '' || page.cursor !== null) && (
              <SpaceBetween direction="horizontal" size="xs">
                <Button disabled={cursor === ''} onClick={() => setCursor('')}>
                  {loginsTexts.first}
                </Button>
                <Button disabled={page.cursor === null} onClick={() => setCursor(page.cursor ?? '')}>
                  {loginsTexts.next}
                </Button>
              </SpaceBetween>
            )}
          </SpaceBetween>
        )}
      </Loaded>
      {read !== null && <Wording integrationId={integrationId} version={read} onClose={() => setRead(null)} />}
    </Container>
  );
};
