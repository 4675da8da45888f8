import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { DeliveryAttempt, WebhookView } from '../../../../contract/api/portal/webhooks.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Time } from '../../components/time.tsx';
import { webhooks as webhooksTexts } from '../../text/en/webhooks.ts';
import { en } from '../../text/en.ts';

const texts = webhooksTexts.log;

/** Outcome of an attempt, with the receiver's status if there was an answer. */
export const Outcome = ({ attempt: { outcome, status } }: { attempt: DeliveryAttempt }) => (
  <StatusIndicator type={outcome === 'delivered' ? 'success' : 'error'}>
    {status === null ? texts.outcomes[outcome] : texts.withStatus(texts.outcomes[outcome], status)}
  </StatusIndicator>
);

const COLUMNS: readonly Column<DeliveryAttempt>[] = [
  { id: 'at', header: texts.at, cell: ({ at }) => <Time at={at} />, isRowHeader: true },
  { id: 'type', header: texts.type, cell: ({ type }) => type },
  { id: 'outcome', header: texts.outcome, cell: (attempt) => <Outcome attempt={attempt} /> },
  { id: 'id', header: texts.id, breaks: true, cell: ({ eventId }) => <Box variant="code">{eventId}</Box> },
];

/** The last delivery attempts of one webhook. */
export const WebhookLog = (props: {
  readonly webhook: WebhookView;
  readonly onReload: () => void;
  readonly onClose: () => void;
}) => (
  <Dialog
    isLarge
    title={texts.title(props.webhook.url)}
    close={en.top.dismiss}
    onClose={props.onClose}
    footer={
      <Box float="right">
        <SpaceBetween direction="horizontal" size="xs">
          <Button iconName="refresh" onClick={props.onReload}>
            {texts.reload}
          </Button>
          <Button variant="primary" onClick={props.onClose}>
            {texts.close}
          </Button>
        </SpaceBetween>
      </Box>
    }
  >
    <DataTable
      label={texts.title(props.webhook.url)}
      items={props.webhook.attempts}
      columns={COLUMNS}
      keyOf={({ eventId, at }) => `${eventId} ${at}`}
      empty={texts.empty}
    />
  </Dialog>
);
