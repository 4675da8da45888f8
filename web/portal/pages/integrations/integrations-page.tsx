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
import { integrations as words } from '../../text/en/integrations.ts';

const COLUMNS: readonly Column<IntegrationSummary>[] = [
  {
    id: 'name',
    header: words.columns.name,
    cell: ({ name, integrationId }) => <PageLink to={`/integrations/${integrationId}`}>{name}</PageLink>,
    sortingField: 'name',
    isRowHeader: true,
  },
  {
    id: 'state',
    header: words.columns.state,
    whole: true,
    cell: ({ enabled }) => (
      <StatusIndicator type={enabled ? 'success' : 'stopped'}>
        {enabled ? words.enabled : words.disabled}
      </StatusIndicator>
    ),
    sortingField: 'enabled',
  },
  { id: 'domains', header: words.columns.domains, cell: ({ domains }) => domains.join(', '), breaks: true },
  {
    id: 'id',
    header: words.columns.id,
    breaks: true,
    cell: ({ integrationId }) => <Box variant="code">{integrationId}</Box>,
  },
  {
    id: 'created',
    header: words.columns.created,
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
          <b>{words.emptyTitle}</b>
          <Box variant="p">{words.emptyText}</Box>
        </SpaceBetween>
      ),
      noMatch: (
        <SpaceBetween size="xs">
          <b>{words.noMatch}</b>
          <Button onClick={() => actions.setFiltering('')}>{words.clear}</Button>
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
        counter={words.count(integrations.length)}
        description={words.description}
        actions={
          mayCreate && (
            <PageButton to="/integrations/new" variant="primary">
              {words.create}
            </PageButton>
          )
        }
      >
        {words.title}
      </Header>
      <TextFilter
        {...filterProps}
        filteringAriaLabel={words.find}
        filteringPlaceholder={words.find}
        countText={words.found(filteredItemsCount ?? 0)}
      />
      <DataTable
        {...collectionProps}
        label={words.title}
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
