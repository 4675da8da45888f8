import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';
import { NavLink, useParams } from 'react-router';
import type { IntegrationView } from '../../../../contract/api/portal/integrations.ts';
import { INTEGRATION_ROUTES } from '../../../../contract/api/routes/portal-integrations.ts';
import { useQuery } from '../../api/use-query.ts';
import { Loaded } from '../../components/page-states.tsx';
import { usePageTitle } from '../../components/page-title.ts';
import { integrations as integrationsTexts } from '../../text/en/integrations.ts';

const texts = integrationsTexts.tabs;

export const nameOf = ({ options }: IntegrationView): string => String(options['name'] ?? '');

const Titled = ({ integration, children }: { integration: IntegrationView; children: ReactNode }) => {
  usePageTitle(nameOf(integration));
  const base = `/integrations/${integration.integrationId}`;
  return (
    <SpaceBetween size="l">
      <Header variant="h1" description={integration.integrationId}>
        {nameOf(integration)}
      </Header>
      <nav className="parts" aria-label={texts.label}>
        <NavLink to={base} end>
          {texts.settings}
        </NavLink>
        <NavLink to={`${base}/connect`}>{texts.connect}</NavLink>
        <NavLink to={`${base}/secrets`}>{texts.secrets}</NavLink>
      </nav>
      {children}
    </SpaceBetween>
  );
};

/** One integration, by the id in the address, with its name and the links to its pages. */
export const IntegrationFrame = (props: {
  children: (integration: IntegrationView, reload: () => void) => ReactNode;
}) => {
  const { integrationId = '' } = useParams();
  const result = useQuery(integrationId, (api, signal) =>
    api.call(INTEGRATION_ROUTES.portalIntegration, { path: { integrationId }, signal }),
  );
  return (
    <Loaded result={result}>
      {(integration) => <Titled integration={integration}>{props.children(integration, result.reload)}</Titled>}
    </Loaded>
  );
};
