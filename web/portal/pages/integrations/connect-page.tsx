import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { type ReactNode, useEffect } from 'react';
import type { IntegrationView } from '../../../../contract/api/portal/integrations.ts';
import { ACTION_FILE_NAME } from '../../../../contract/api/portal/sign-in.ts';
import { INTEGRATION_ROUTES } from '../../../../contract/api/routes/portal-integrations.ts';
import { ACTION_FILE_PATH, readActionFile } from '../../api/action-file.ts';
import { useQuery } from '../../api/use-query.ts';
import { Failure } from '../../components/page-states.tsx';
import { Time } from '../../components/time.tsx';
import { integrations as integrationsTexts } from '../../text/en/integrations.ts';
import { IntegrationFrame } from './integration-frame.tsx';

const texts = integrationsTexts.connect;
const LOOK_EVERY_MS = 4000;

const Copy = ({ name, text, label = texts.copy }: { name: string; text: string; label?: string }) => (
  <CopyToClipboard
    variant="button"
    copyButtonText={label}
    copyButtonAriaLabel={`${label}: ${name}`}
    textToCopy={text}
    copySuccessText={texts.copied}
    copyErrorText={texts.notCopied}
  />
);

const Snippet = ({ name, text }: { name: string; text: string }) => (
  <div className="snippet">
    <pre>{text}</pre>
    <Copy name={name} text={text} />
  </div>
);

/** The Action of this deployment, to copy, to download, and to read before it is installed. */
const ActionFile = () => {
  const result = useQuery('action file', (_api, signal) => readActionFile(signal));
  const { file } = texts;
  if (result.state === 'failed') return <Failure failure={result.failure} onRetry={result.reload} />;
  return (
    <SpaceBetween size="xs">
      <SpaceBetween direction="horizontal" size="xs">
        {result.state === 'ready' && <Copy name={ACTION_FILE_NAME} text={result.data} label={file.copy} />}
        <Button iconName="download" href={ACTION_FILE_PATH} download={ACTION_FILE_NAME}>
          {file.download}
        </Button>
      </SpaceBetween>
      {result.state === 'ready' && (
        <details className="snippet">
          <summary>{file.read(Math.ceil(new Blob([result.data]).size / 1000))}</summary>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: without a mouse it is scrolled by the arrow keys. */}
          <pre className="snippet-long" tabIndex={0}>
            {result.data}
          </pre>
        </details>
      )}
    </SpaceBetween>
  );
};

const Step = ({ title, children }: { title: string; children: ReactNode }) => (
  <Container header={<Header variant="h2">{title}</Header>}>
    <SpaceBetween size="s">{children}</SpaceBetween>
  </Container>
);

/** Tenant contacts, polled while the page is open and visible. */
const LiveCheck = ({ integrationId }: { integrationId: string }) => {
  const result = useQuery(`connection ${integrationId}`, (api, signal) =>
    api.call(INTEGRATION_ROUTES.portalConnection, { path: { integrationId }, signal }),
  );
  const { reload } = result;
  useEffect(() => {
    const timer = setInterval(() => (document.hidden ? undefined : reload()), LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [reload]);
  const seen = result.state === 'ready' ? result.data : null;
  return (
    <Container
      header={
        <Header variant="h2" description={texts.liveText}>
          {texts.live}
        </Header>
      }
    >
      <SpaceBetween size="s">
        {result.state === 'failed' && <Failure failure={result.failure} onRetry={reload} />}
        {(seen?.accepted ?? null) === null ? (
          <StatusIndicator type="pending">{texts.waiting}</StatusIndicator>
        ) : (
          <div>
            <StatusIndicator type="success">{texts.accepted(seen?.accepted?.domain ?? '')}</StatusIndicator>{' '}
            <Time at={seen?.accepted?.at ?? null} />
          </div>
        )}
        {seen?.refused != null && (
          <div>
            <StatusIndicator type="error">{texts.refused}</StatusIndicator> <Time at={seen.refused.at} />
            <Box variant="p">{texts.refusals[seen.refused.reason]}</Box>
            {seen.refused.domain !== null && <Box variant="p">{texts.from(seen.refused.domain)}</Box>}
          </div>
        )}
        {seen?.unproven != null && (
          <div>
            <StatusIndicator type="warning">{texts.unproven}</StatusIndicator> <Time at={seen.unproven.at} />
            <Box variant="p">{texts.refusals[seen.unproven.reason]}</Box>
            <Box variant="p">{texts.unprovenText}</Box>
          </div>
        )}
      </SpaceBetween>
    </Container>
  );
};

const domainsOf = ({ options }: IntegrationView): readonly string[] =>
  Array.isArray(options['domains']) ? options['domains'].map(String) : [];

const Connect = ({ integration }: { integration: IntegrationView }) => {
  const { integrationId } = integration;
  const { steps } = texts;
  const domains = domainsOf(integration);
  const installer = [
    'node bin/verified.mjs auth0 install \\',
    `  --domain ${domains[0] ?? 'acme.eu.auth0.com'} \\`,
    `  --integration ${integrationId} \\`,
    `  --capture-url ${location.origin}`,
  ].join('\n');
  const settings = [
    `INTEGRATION_ID=${integrationId}`,
    `SESSION_SECRET=<${texts.yours}>`,
    `CAPTURE_URL=${location.origin}`,
  ].join('\n');
  const terraform = [
    'module "verified" {',
    '  source         = "./action/packages/terraform"',
    `  integration_id = "${integrationId}"`,
    '  session_secret = var.session_secret',
    `  capture_url    = "${location.origin}"`,
    '}',
  ].join('\n');
  return (
    <SpaceBetween size="l">
      <LiveCheck integrationId={integrationId} />
      <Step title={steps.one}>
        <Box variant="p">{steps.oneText}</Box>
        <Snippet name={steps.one} text={domains.join('\n')} />
      </Step>
      <Step title={steps.two}>
        <Box variant="p">{steps.twoText}</Box>
        <Snippet name={steps.two} text={installer} />
        <Box variant="p">{steps.twoByHand}</Box>
        <ActionFile />
      </Step>
      <Step title={steps.three}>
        <Box variant="p">{steps.threeText}</Box>
        <Snippet name={steps.three} text={settings} />
        <Box variant="p">{steps.terraform}</Box>
        <Snippet name={steps.terraform} text={terraform} />
      </Step>
      <Step title={steps.four}>
        <Box variant="p">{steps.fourText}</Box>
      </Step>
    </SpaceBetween>
  );
};

/** The four steps with this integration's values, and the tenant contacts so far. */
export const Component = () => (
  <IntegrationFrame>{(integration) => <Connect integration={integration} />}</IntegrationFrame>
);
