import { readFile } from 'node:fs/promises';
import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, test } from 'vitest';
import { ROUTES } from '../../contract/api/routes.ts';
import { openApiDocument } from '../../contract/tools/open-api.ts';

test('the document is valid OpenAPI 3.1', async () => {
  const result = await new Validator().validate(JSON.parse(JSON.stringify(openApiDocument())));
  expect(result.errors).toBeUndefined();
  expect(result.valid).toBe(true);
});

test('it has every route of the table, and no other', () => {
  const { paths = {} } = openApiDocument();
  const documented = Object.entries(paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(documented.sort()).toEqual(ROUTES.map(({ method, path }) => `${method} ${path}`).sort());
});

test('docs/openapi.json says what the schemas say: "npx tsx docs/tools/write-open-api.ts" writes it', async () => {
  const written = await readFile(new URL('../../docs/openapi.json', import.meta.url), 'utf8');
  expect(JSON.parse(written)).toEqual(JSON.parse(JSON.stringify(openApiDocument())));
});
