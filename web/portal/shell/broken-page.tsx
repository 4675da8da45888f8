import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import { en } from '../text/en.ts';

/** Error boundary for a page that threw, or whose file a newer version has replaced. The rest of the portal stays. */
export const BrokenPage = () => (
  <Alert
    type="error"
    header={en.page.brokenTitle}
    action={<Button onClick={() => location.reload()}>{en.page.reload}</Button>}
  >
    {en.page.brokenText}
  </Alert>
);
