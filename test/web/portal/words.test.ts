import { expect, test } from 'vitest';
import { ACTS } from '../../../lambdas/core/accounts/audit.ts';
import { audit } from '../../../web/portal/text/en/audit.ts';

test('the audit log has a text for every operation of the core, and no others', () => {
  expect(Object.keys(audit.acts).toSorted()).toEqual([...ACTS].toSorted());
});
