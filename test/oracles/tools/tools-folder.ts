import { fileURLToPath } from 'node:url';

/** Everything that oracles install or write; ignored by git. */
export const TOOLS_FOLDER = fileURLToPath(new URL('../../../dist/oracles/', import.meta.url));
