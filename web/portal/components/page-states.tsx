import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { ReactNode } from 'react';
import type { CallError } from '../api/client.ts';
import type { QueryResult } from '../api/use-query.ts';
import { en } from '../text/en.ts';
import { PageLink } from './page-link.tsx';

export const Loading = () => (
  <Box textAlign="center" padding="xxl">
    <StatusIndicator type="loading">{en.page.loading}</StatusIndicator>
  </Box>
);

const Notice = ({ title, text, children }: { title: string; text: string; children?: ReactNode }) => (
  <Box textAlign="center" padding="xxl">
    <SpaceBetween size="s">
      <Box variant="h1">{title}</Box>
      <Box variant="p">{text}</Box>
      {children}
    </SpaceBetween>
  </Box>
);

export const NotFound = () => (
  <Notice title={en.page.notFoundTitle} text={en.page.notFoundText}>
    <PageLink to="/">{en.page.toStart}</PageLink>
  </Notice>
);

export const NoPermission = () => <Notice title={en.page.noPermissionTitle} text={en.page.noPermissionText} />;

/** The button of a failure, or null. A change that may have been made is not repeated before its effect has been checked. */
const nextStep = ({ mayHaveTakenEffect }: CallError, onRetry: (() => void) | undefined): ReactNode => {
  if (mayHaveTakenEffect) return <Button onClick={() => location.reload()}>{en.page.reload}</Button>;
  return onRetry === undefined ? null : <Button onClick={onRetry}>{en.page.retry}</Button>;
};

/** What went wrong, what to do, and the support id. */
export const Failure = ({ failure, onRetry }: { failure: CallError; onRetry?: () => void }) => (
  <Alert type="error" action={nextStep(failure, onRetry)}>
    {en.failures[failure.code] ?? en.failures.other}
    {failure.mayHaveTakenEffect && <Box variant="p">{en.page.mayHaveTakenEffect}</Box>}
    {failure.supportId !== null && (
      <Box variant="p">
        {en.page.supportId}: <Box variant="code">{failure.supportId}</Box>
      </Box>
    )}
  </Alert>
);

/** Shows the result of a query, or why there is none: every page that reads uses it. */
export function Loaded<Data>(props: { result: QueryResult<Data>; children: (data: Data) => ReactNode }) {
  const { result, children } = props;
  if (result.state === 'loading') return <Loading />;
  if (result.state === 'ready') return <>{children(result.data)}</>;
  if (result.failure.code === 'not-found') return <NotFound />;
  if (result.failure.code === 'role-not-allowed') return <NoPermission />;
  return <Failure failure={result.failure} onRetry={result.reload} />;
}
