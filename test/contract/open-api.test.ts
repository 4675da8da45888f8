import { readFile } from 'node:fs/promises';
import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, test } from 'vitest';
import { ROUTES } from '../../contract/api/routes.ts';
import { OPEN_API_FILE, openApiDocument, openApiText } from '../../contract/tools/open-api.ts';

test('the document is valid OpenAPI 3.1', async () => {
  const result = await new Validator().validate(JSON.parse(openApiText()));
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

test('docs/openapi.json is what the schemas say: "npx tsx contract/tools/open-api.ts" writes it', async () => {
  expect(await readFile(OPEN_API_FILE, 'utf8')).toBe(openApiText());
});
