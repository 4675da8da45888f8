import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePortsFrom } from '../../support/free-ports.ts';
import { temporaryFolder } from '../../support/local-aws.ts';
import { runProduct } from '../../support/product.ts';

let folder: string;
let remove: () => Promise<void>;
beforeAll(async () => {
  ({ folder, remove } = await temporaryFolder());
});
afterAll(() => remove());

test('the first lines of a start show its progress, and no library’s warnings', async () => {
  const product = runProduct({
    VERIFIED_DATA: folder,
    VERIFIED_PORT: String(await freePortsFrom(5)),
    // As in an ordinary terminal: the tests' configuration sets this for everything that they start.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: '',
  });
  try {
    await product.until('Ready in');
    const [progress = ''] = product.said().split('Ready in');
    const lines = progress.split('\n').filter((line) => line.trim() !== '');
    expect(lines.length).toBeGreaterThan(4);
    expect(lines.filter((line) => !line.startsWith('  ✓ '))).toEqual([]);
  } finally {
    product.process.kill('SIGTERM');
    await product.ended;
  }
});
