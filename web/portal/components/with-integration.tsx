import Box from '@cloudscape-design/components/box';
import FormField from '@cloudscape-design/components/form-field';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';
import type { IntegrationSummary } from '../../../contract/api/portal/integrations.ts';
import { INTEGRATION_ROUTES } from '../../../contract/api/routes/portal-integrations.ts';
import { useQuery } from '../api/use-query.ts';
import { logins as texts } from '../text/en/logins.ts';
import { PageLink } from './page-link.tsx';
import { Loaded } from './page-states.tsx';
import { useAddress } from './use-address.ts';

const None = () => (
  <Box textAlign="center" padding="xxl">
    <SpaceBetween size="s">
      <Box variant="h1">{texts.noIntegrationTitle}</Box>
      <Box variant="p">{texts.noIntegrationText}</Box>
      <PageLink to="/integrations">{texts.toIntegrations}</PageLink>
    </SpaceBetween>
  </Box>
);

const Choice = (props: { integrations: readonly IntegrationSummary[]; chosen: string }) => {
  const address = useAddress();
  const options = props.integrations.map(({ integrationId, name }) => ({
    value: integrationId,
    label: name,
    description: integrationId,
  }));
  if (options.length < 2) return null;
  return (
    <FormField label={texts.integration}>
      <Select
        options={options}
        selectedOption={options.find(({ value }) => value === props.chosen) ?? null}
        onChange={({ detail }) => address.set({ integration: detail.selectedOption.value ?? '' })}
      />
    </FormField>
  );
};

/** The integrations of the account. */
const useIntegrations = () =>
  useQuery('integrations', (api, signal) => api.call(INTEGRATION_ROUTES.portalIntegrations, { signal }));

/**
 * For pages about one integration: the one in the address, otherwise the first. With several, the page gets the choice to render.
 */
export const WithIntegration = (props: { children: (integrationId: string, choice: ReactNode) => ReactNode }) => {
  const address = useAddress();
  return (
    <Loaded result={useIntegrations()}>
      {({ integrations }) => {
        const chosen = address.of('integration') || integrations[0]?.integrationId;
        if (chosen === undefined) return <None />;
        return props.children(chosen, <Choice integrations={integrations} chosen={chosen} />);
      }}
    </Loaded>
  );
};
