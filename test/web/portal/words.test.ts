import { expect, test } from 'vitest';
import { ACTS } from '../../../lambdas/core/accounts/audit.ts';
import { audit } from '../../../web/portal/text/en/audit.ts';

test('the audit log has words for every act of the core, and for nothing else', () => {
  expect(Object.keys(audit.acts).toSorted()).toEqual([...ACTS].toSorted());
});
