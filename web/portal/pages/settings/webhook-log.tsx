import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { DeliveryAttempt, WebhookView } from '../../../../contract/api/portal/webhooks.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Time } from '../../components/time.tsx';
import { webhooks as webhooksWords } from '../../text/en/webhooks.ts';
import { en } from '../../text/en.ts';

const words = webhooksWords.log;

/** Outcome of an attempt, with the receiver's status if there was an answer. */
export const Outcome = ({ attempt: { outcome, status } }: { attempt: DeliveryAttempt }) => (
  <StatusIndicator type={outcome === 'delivered' ? 'success' : 'error'}>
    {status === null ? words.outcomes[outcome] : words.withStatus(words.outcomes[outcome], status)}
  </StatusIndicator>
);

const COLUMNS: readonly Column<DeliveryAttempt>[] = [
  { id: 'at', header: words.at, cell: ({ at }) => <Time at={at} />, isRowHeader: true },
  { id: 'type', header: words.type, cell: ({ type }) => type },
  { id: 'outcome', header: words.outcome, cell: (attempt) => <Outcome attempt={attempt} /> },
  { id: 'id', header: words.id, breaks: true, cell: ({ eventId }) => <Box variant="code">{eventId}</Box> },
];

/** The last delivery attempts of one webhook. */
export const WebhookLog = (props: {
  readonly webhook: WebhookView;
  readonly onReload: () => void;
  readonly onClose: () => void;
}) => (
  <Dialog
    isLarge
    title={words.title(props.webhook.url)}
    close={en.top.dismiss}
    onClose={props.onClose}
    footer={
      <Box float="right">
        <SpaceBetween direction="horizontal" size="xs">
          <Button iconName="refresh" onClick={props.onReload}>
            {words.reload}
          </Button>
          <Button variant="primary" onClick={props.onClose}>
            {words.close}
          </Button>
        </SpaceBetween>
      </Box>
    }
  >
    <DataTable
      label={words.title(props.webhook.url)}
      items={props.webhook.attempts}
      columns={COLUMNS}
      keyOf={({ eventId, at }) => `${eventId} ${at}`}
      empty={words.empty}
    />
  </Dialog>
);
