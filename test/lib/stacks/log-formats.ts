import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { accessLine, fieldsOf, REQUESTS } from '../logs/access-line.ts';
import { FAILURES, functionLines, LOGGED, PLATFORM_LINES } from '../logs/function-lines.ts';
import { type Line, parseQuery } from '../logs/insights.ts';
import { matchesFilter } from '../logs/metric-filter.ts';
import { of } from './made-stages.ts';

const ROOT = join(import.meta.dirname, '../../..');
const ACCESS_GROUP = '/aws/vendedlogs/verified-prod/api';

const accessLogFormat = (): string => {
  const [stage] = Object.values(of('prod').templates.service.findResources('AWS::ApiGatewayV2::Stage'));
  return z.string().parse(stage?.['Properties'].AccessLogSettings.Format);
};

/** The line of each request in the log. */
const accessLines = () =>
  Object.entries(REQUESTS).map(([name, request]) => ({ name, text: accessLine(accessLogFormat(), request) }));

test('every line of the access log is JSON, of requests with and without an error', () => {
  for (const { name, text } of accessLines()) {
    const fields = fieldsOf(text);
    expect(fields['status'], name).toMatch(/^\d{3}$/);
    // Without an error there is none: `-`.
    expect(fields['error'], name).toMatch(/^(-|[A-Z][a-zA-Z ]+)$/);
  }
});

test('refused requests are counted where the gateway itself refused, and nowhere else', () => {
  const [filter, ...others] = Object.values(of('prod').templates.service.findResources('AWS::Logs::MetricFilter'));
  expect(others).toEqual([]);
  const pattern = z.string().parse(filter?.['Properties'].FilterPattern);
  const counted = accessLines().filter(({ text }) => matchesFilter(pattern, fieldsOf(text)));
  expect(counted.map(({ name }) => name)).toEqual(['throttled']);
});

test('the access log is in a group of the prefix that shares one statement of the log policy', () => {
  of('prod').templates.service.hasResource('AWS::Logs::LogGroup', {
    Properties: { LogGroupName: ACCESS_GROUP },
    UpdateReplacePolicy: 'Retain',
  });
});

const allLines = (): readonly Line[] => [
  ...functionLines(),
  ...PLATFORM_LINES,
  ...accessLines().map(({ text }) => ({ group: ACCESS_GROUP, text, fields: fieldsOf(text) })),
];

test('every query of the runbook finds lines that are written, by fields that they have', async () => {
  const runbook = await readFile(join(ROOT, 'docs/runbook.md'), 'utf8');
  const queries = [...runbook.matchAll(/^ask '([^']+)'$/gm)].map(([, query = '']) => query);
  expect(queries.length).toBeGreaterThan(20);
  const lines = allLines();
  for (const text of queries) {
    const { matches, shown } = parseQuery(text);
    const found = lines.filter(matches);
    expect(found.length, text).toBeGreaterThan(0);
    expect(found.length, text).toBeLessThan(lines.length);
    const known = new Set(['@timestamp', '@log', '@message', ...found.flatMap(({ fields }) => Object.keys(fields))]);
    expect(
      shown.filter((field) => !known.has(field)),
      text,
    ).toEqual([]);
  }
});

test('a query of a value finds every value that it names', async () => {
  const runbook = await readFile(join(ROOT, 'docs/runbook.md'), 'utf8');
  const lines = allLines();
  const named = [...runbook.matchAll(/\b(message|service|outcome) (?:in \[([^\]]+)\]|= "([^"]+)")/g)];
  expect(named.length).toBeGreaterThan(20);
  for (const [, field = '', list, value] of named) {
    for (const each of list === undefined ? [value] : z.array(z.string()).parse(JSON.parse(`[${list}]`))) {
      expect(
        lines.some(({ fields }) => fields[field] === each),
        `${field} ${each}`,
      ).toBe(true);
    }
  }
});

test('the runbook reads all log groups of the service, and no other stage’s', async () => {
  const runbook = await readFile(join(ROOT, 'docs/runbook.md'), 'utf8');
  const list = runbook.match(/for prefix in (.+); do/)?.[1] ?? '';
  const prefixes = [...list.matchAll(/"([^"]+)"/g)].map(([, prefix = '']) => prefix.replace('$STAGE', 'prod'));
  const { service } = of('prod').templates;
  for (const [id, { Properties }] of Object.entries(service.findResources('AWS::Logs::LogGroup'))) {
    // CloudFormation's own name for a group without one.
    const name = String(Properties['LogGroupName'] ?? `verified-prod-service-${id}-x`);
    expect(prefixes.filter((prefix) => name.startsWith(prefix)).length, name).toBe(1);
  }
  for (const foreign of ['verified-prod-eu-service-x', '/aws/vendedlogs/verified-prod-eu/api', 'verified-prod-web-x']) {
    expect(prefixes.some((prefix) => foreign.startsWith(prefix))).toBe(false);
  }
});

/** Codes that functions log, with the names of the members that their sources write. */
const loggedInSources = async (): Promise<ReadonlyMap<string, readonly string[]>> => {
  const folder = join(ROOT, 'lambdas');
  const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.ts'));
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')));
  return new Map(
    texts.flatMap((text) =>
      [...text.matchAll(/\blog\('([a-z-]+)', \{([^}]*)\}\)/g)].map(([, code = '', members = '']) => [
        code,
        [...members.matchAll(/(?:^|,) *(\w+)/g)].map(([, name = '']) => name).sort(),
      ]),
    ),
  );
};

test('the lines that queries are tried with have the codes and members that the sources log', async () => {
  const sources = await loggedInSources();
  expect(sources.size).toBeGreaterThan(20);
  for (const [code, samples] of Object.entries(LOGGED)) {
    for (const sample of samples) expect(Object.keys(sample).sort(), code).toEqual(sources.get(code));
  }
  const endpoint = await readFile(join(ROOT, 'lambdas/http/endpoint.ts'), 'utf8');
  for (const [sample] of Object.values(FAILURES)) {
    const members = endpoint.match(/log\(code, \{([^}]+)\}/)?.[1]?.matchAll(/(?:^|,) *(\w+)/g) ?? [];
    expect([...members].map(([, name]) => name)).toEqual(Object.keys(sample ?? {}));
  }
});
