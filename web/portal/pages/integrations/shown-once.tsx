import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Checkbox from '@cloudscape-design/components/checkbox';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import type { ShownOnce as Shown } from '../../../../contract/api/portal/integrations.ts';
import { CopyValue } from '../../components/copy-value.tsx';
import { UnsavedGuard } from '../../components/unsaved-guard.tsx';
import { integrations as integrationsTexts } from '../../text/en/integrations.ts';
import { shownOnce as shownOnceWords } from '../../text/en/shown-once.ts';

const texts = integrationsTexts.shownOnce;

const download = ({ integrationId, sessionSecret }: Shown): void => {
  const lines = [
    `INTEGRATION_ID=${integrationId}`,
    `SESSION_SECRET=${sessionSecret}`,
    `CAPTURE_URL=${location.origin}`,
  ];
  const url = URL.createObjectURL(new Blob([`${lines.join('\n')}\n`], { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = 'verified.env';
  link.click();
  URL.revokeObjectURL(url);
};

/** The only place that ever shows a Session Secret. It is only in memory, and leaving asks until the operator has stored it. */
export const ShownOnce = ({ shown, onDone }: { shown: Shown; onDone: () => void }) => {
  const [isStored, setStored] = useState(false);
  return (
    <Container header={<Header variant="h1">{texts.title}</Header>}>
      <UnsavedGuard isKeptNowhere when={!isStored} title={texts.leaveTitle} text={texts.leaveText} />
      <SpaceBetween size="l">
        <Alert type="warning">{texts.warning}</Alert>
        <CopyValue label={texts.integrationId} value={shown.integrationId} />
        <CopyValue label={texts.sessionSecret} value={shown.sessionSecret} />
        <Button iconName="download" onClick={() => download(shown)}>
          {texts.download}
        </Button>
        <Checkbox checked={isStored} onChange={({ detail }) => setStored(detail.checked)}>
          {shownOnceWords.stored}
        </Checkbox>
        <Button variant="primary" disabled={!isStored} onClick={onDone}>
          {texts.done}
        </Button>
      </SpaceBetween>
    </Container>
  );
};
