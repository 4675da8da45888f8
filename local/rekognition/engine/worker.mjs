// Loads the TypeScript worker under any loader, even if the parent runs in a test runner.
import { register } from 'tsx/esm/api';

register();
await import('./worker.ts');
