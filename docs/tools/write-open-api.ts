import { writeFile } from 'node:fs/promises';
import { openApiDocument } from '../../contract/tools/open-api.ts';

// Writes docs/openapi.json: run it with tsx after a change of routes or schemas, then format.
await writeFile(new URL('../openapi.json', import.meta.url), JSON.stringify(openApiDocument(), null, 2));
