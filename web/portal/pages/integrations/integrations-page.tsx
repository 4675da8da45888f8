import { useCollection } from '@cloudscape-design/collection-hooks';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import TextFilter from '@cloudscape-design/components/text-filter';
import type { IntegrationSummary } from '../../../../contract/api/portal/integrations.ts';
import { INTEGRATION_ROUTES } from '../../../../contract/api/routes/portal-integrations.ts';
import { useQuery } from '../../api/use-query.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { PageButton, PageLink } from '../../components/page-link.tsx';
import { Loaded } from '../../components/page-states.tsx';
import { Time } from '../../components/time.tsx';
import { useMay } from '../../shell/portal-context.ts';
import { integrations as texts } from '../../text/en/integrations.ts';

const COLUMNS: readonly Column<IntegrationSummary>[] = [
  {
    id: 'name',
    header: texts.columns.name,
    cell: ({ name, integrationId }) => <PageLink to={`/integrations/${integrationId}`}>{name}</PageLink>,
    sortingField: 'name',
    isRowHeader: true,
  },
  {
    id: 'state',
    header: texts.columns.state,
    whole: true,
    cell: ({ enabled }) => (
      <StatusIndicator type={enabled ? 'success' : 'stopped'}>
        {enabled ? texts.enabled : texts.disabled}
      </StatusIndicator>
    ),
    sortingField: 'enabled',
  },
  { id: 'domains', header: texts.columns.domains, cell: ({ domains }) => domains.join(', '), breaks: true },
  {
    id: 'id',
    header: texts.columns.id,
    breaks: true,
    cell: ({ integrationId }) => <Box variant="code">{integrationId}</Box>,
  },
  {
    id: 'created',
    header: texts.columns.created,
    cell: ({ createdAt }) => <Time at={createdAt} />,
    sortingField: 'createdAt',
  },
];

const Integrations = ({ integrations }: { integrations: readonly IntegrationSummary[] }) => {
  const mayCreate = useMay('admin');
  const { items, actions, collectionProps, filterProps, filteredItemsCount } = useCollection(integrations, {
    filtering: {
      empty: (
        <SpaceBetween size="xs">
          <b>{texts.emptyTitle}</b>
          <Box variant="p">{texts.emptyText}</Box>
        </SpaceBetween>
      ),
      noMatch: (
        <SpaceBetween size="xs">
          <b>{texts.noMatch}</b>
          <Button onClick={() => actions.setFiltering('')}>{texts.clear}</Button>
        </SpaceBetween>
      ),
      fields: ['name', 'integrationId', 'domains'],
    },
    sorting: {},
  });
  return (
    <SpaceBetween size="m">
      <Header
        variant="h1"
        counter={texts.count(integrations.length)}
        description={texts.description}
        actions={
          mayCreate && (
            <PageButton to="/integrations/new" variant="primary">
              {texts.create}
            </PageButton>
          )
        }
      >
        {texts.title}
      </Header>
      <TextFilter
        {...filterProps}
        filteringAriaLabel={texts.find}
        filteringPlaceholder={texts.find}
        countText={texts.found(filteredItemsCount ?? 0)}
      />
      <DataTable
        {...collectionProps}
        label={texts.title}
        items={items}
        columns={COLUMNS}
        keyOf={({ integrationId }) => integrationId}
        empty={collectionProps.empty}
      />
    </SpaceBetween>
  );
};

/** All integrations of the account. */
export const Component = () => {
  const result = useQuery('integrations', (api, signal) => api.call(INTEGRATION_ROUTES.portalIntegrations, { signal }));
  return <Loaded result={result}>{({ integrations }) => <Integrations integrations={integrations} />}</Loaded>;
};
