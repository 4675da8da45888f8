import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { WebhookView } from '../../../../contract/api/portal/webhooks.ts';
import { webhooks as texts } from '../../text/en/webhooks.ts';

/** Whether a webhook is enabled, and if not, why. */
export const WebhookState = ({ webhook: { enabled, disabledBecause, failingSince } }: { webhook: WebhookView }) => {
  if (enabled && failingSince === null) return <StatusIndicator type="success">{texts.state.on}</StatusIndicator>;
  if (enabled) return <StatusIndicator type="warning">{texts.state.failing}</StatusIndicator>;
  if (disabledBecause === 'operator') {
    return <StatusIndicator type="stopped">{texts.state.operator}</StatusIndicator>;
  }
  return (
    <StatusIndicator type="error">
      {disabledBecause === 'gone' ? texts.state.gone : texts.state.failingOff}
    </StatusIndicator>
  );
};
