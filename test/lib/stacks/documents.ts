import { readFile } from 'node:fs/promises';
import type { Template } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { ROUTES } from '../../../contract/api/routes.ts';
import { describeStack } from '../../../lib/describe-stack.ts';
import { routeLimits } from '../../../lib/route-limits.ts';
import { SERVICE_FUNCTIONS } from '../../../lib/service-functions.ts';
import { STAGES, type Stage } from '../stages.ts';
import { of } from './made-stages.ts';

test('docs/deploy.md gives the reason of every limit of a route', async () => {
  const text = await readFile(new URL('../../../docs/deploy.md', import.meta.url), 'utf8');
  const rows = [...text.matchAll(/^\| ([a-zA-Z, ]+) \| (\d+) \| (\d+) \| .{20,} \|$/gm)];
  const documented = rows.flatMap(([, names = '', ...limit]) =>
    names.split(', ').map((name) => `${name} ${limit.slice(0, 2).join(' ')}`),
  );
  const limits = routeLimits(of('dev').settings.requestsPerSecond);
  expect(documented.sort()).toEqual([...limits].map(([name, l]) => `${name} ${l.perSecond} ${l.burst}`).sort());
});

test('T77 one address within the web ACL, or one API key, uses up no more than half of what a route allows', () => {
  const { settings } = of('dev');
  const onePerSecond = settings.wafRequestsPerAddress / 300;
  for (const [name, { perSecond }] of routeLimits(settings.requestsPerSecond)) {
    expect(perSecond, name).toBeGreaterThan(2 * onePerSecond);
    // Keys have their own limit; with a shared route limit one key could block the others.
    expect(ROUTES.find((route) => route.name === name)?.path, name).not.toMatch(/^\/api\/v1\//);
  }
});

test('what stays after cdk destroy is what docs/deploy.md says', async () => {
  const text = await readFile(new URL('../../../docs/deploy.md', import.meta.url), 'utf8');
  const section = text.slice(text.indexOf('## Tear down'));
  const documented = [...section.matchAll(/^\| (\w+) \| `(AWS::[\w:]+)` \|/gm)].map(([, ...row]) => row.join(' '));
  const retained = Object.entries(of('dev').templates).flatMap(([stack, template]) => {
    const resources = Object.values(template?.toJSON()['Resources'] ?? {}) as {
      Type: string;
      DeletionPolicy?: string;
    }[];
    const kept = resources.filter(({ DeletionPolicy }) => DeletionPolicy?.startsWith('Retain'));
    return [...new Set(kept.map(({ Type }) => `${stack} ${Type}`))];
  });
  expect(documented.sort()).toEqual(retained.sort());
});

test('docs/deploy.md gives the reason for the size of every function', async () => {
  const text = await readFile(new URL('../../../docs/deploy.md', import.meta.url), 'utf8');
  const rows = [...text.matchAll(/^\| ([a-z, -]+) \| (\d+) MB \| (\d+) s \| (\d+)(?: each)? \| .{20,} \|$/gm)];
  const documented = rows.flatMap(([, names = '', ...size]) =>
    names.split(', ').map((name) => `${name} ${size.slice(0, 3).join(' ')}`),
  );
  expect(documented.sort()).toEqual(
    SERVICE_FUNCTIONS.map((fn) => `${fn.name} ${fn.memoryMb} ${fn.timeoutSeconds} ${fn.maxConcurrency}`).sort(),
  );
  // CloudFront times out after 30 seconds; the user has to get the service's answer.
  for (const { name, timeoutSeconds } of SERVICE_FUNCTIONS) {
    if (name !== 'housekeeping') expect(timeoutSeconds).toBeLessThan(30);
  }
});

test('docs/cost.md counts the keys, the secrets, the alarms and their metrics that a stage has', async () => {
  const text = await readFile(new URL('../../../docs/cost.md', import.meta.url), 'utf8');
  const [elsewhere, ...here] = [of('staging').templates.global, ...Object.values(of('dev').templates)];
  const count = (templates: readonly (Template | null | undefined)[], type: string) =>
    templates.reduce((sum, template) => sum + Object.keys(template?.findResources(type) ?? {}).length, 0);
  const Alarm = z.looseObject({ Metrics: z.array(z.looseObject({ MetricStat: z.unknown().optional() })).optional() });
  const metrics = (templates: readonly (Template | null | undefined)[]) =>
    templates
      .flatMap((template) => Object.values(template?.findResources('AWS::CloudWatch::Alarm') ?? {}))
      .map(({ Properties }) => Alarm.parse(Properties).Metrics?.filter(({ MetricStat }) => MetricStat !== undefined))
      .reduce((sum, used) => sum + (used?.length ?? 1), 0);
  const alarms = count(here, 'AWS::CloudWatch::Alarm');
  expect(text).toContain(`| ${count(here, 'AWS::KMS::Key')} keys: `);
  expect(text).toContain(`| ${count(here, 'AWS::SecretsManager::Secret')} secrets `);
  const price = (number: number) => (number / 10).toFixed(2);
  expect(text).toMatch(
    new RegExp(`^\\| ${metrics(here)} metrics in ${alarms} alarms .* \\| ${price(metrics(here))} \\|$`, 'm'),
  );
  expect([count([elsewhere], 'AWS::KMS::Key'), count([elsewhere], 'AWS::CloudWatch::Alarm')]).toEqual([1, 1]);
  expect(text).toContain(
    `| with \`alarmEmail\`: 1 key and ${metrics([elsewhere])} metrics in 1 alarm in us-east-1 | 1.20 |`,
  );
});

test('npm run deploy:dry names every resource in words, and says what stays', () => {
  for (const stage of Object.keys(STAGES) as Stage[]) {
    for (const [stack, template] of Object.entries(of(stage).templates)) {
      if (template === null) continue;
      const { Resources } = z.looseObject({ Resources: z.record(z.string(), Resource) }).parse(template.toJSON());
      const retained = Object.values(Resources).filter(({ DeletionPolicy }) => DeletionPolicy?.startsWith('Retain'));
      const lines = describeStack({ Resources });
      expect(lines.filter((line) => line.includes('AWS::'))).toEqual([]);
      const staying = lines.filter((line) => line.endsWith(' (stays when the stack is destroyed)'));
      expect(staying.length, `${stage} ${stack}`).toBe(retained.length);
    }
  }
});

/** Stacks that `cdk destroy` removes. */
const LEAVING = ['firewall', 'web', 'service', 'operations', 'global'] as const;
const Resource = z.looseObject({
  Type: z.string(),
  DeletionPolicy: z.string().optional(),
  DependsOn: z.array(z.string()).optional(),
  Properties: z.looseObject({}).default({}),
});
const resourcesOf = (stage: Stage, stack: (typeof LEAVING)[number] | 'data') =>
  Object.entries(z.record(z.string(), Resource).parse(of(stage).templates[stack]?.toJSON()['Resources'] ?? {}));

test('cdk destroy can remove everything but the data: nothing removed is protected, contains objects or is needed by what stays', () => {
  for (const stage of Object.keys(STAGES) as Stage[]) {
    for (const stack of LEAVING) {
      expect(of(stage).stacks[stack]?.terminationProtection ?? false).toBe(false);
      const resources = resourcesOf(stage, stack);
      const emptied = JSON.stringify(resources.filter(([, { Type }]) => Type === 'Custom::S3AutoDeleteObjects'));
      for (const [id, { Type, DeletionPolicy, Properties }] of resources) {
        if (DeletionPolicy?.startsWith('Retain')) continue;
        expect(JSON.stringify(Properties), id).not.toMatch(/"Deletion(Protection|ProtectionEnabled)":("ACTIVE"|true)/);
        if (Type === 'AWS::S3::Bucket') expect(emptied).toContain(`"${id}"`);
      }
    }
    // The data stack imports nothing from the removed ones, or it could not stay.
    expect(of(stage).stacks.data.dependencies).toEqual([]);
    expect(JSON.stringify(resourcesOf(stage, 'data'))).not.toContain('Fn::ImportValue');
  }
});

test('docs/deploy.md names the log groups that Lambda creates itself and no stack removes', async () => {
  const text = await readFile(new URL('../../../docs/deploy.md', import.meta.url), 'utf8');
  const section = text.slice(text.indexOf('## Tear down'));
  const unnamed = LEAVING.flatMap((stack) =>
    resourcesOf('prod', stack).flatMap(([id, { Type, Properties }]) =>
      Type === 'AWS::Lambda::Function' && !JSON.stringify(Properties).includes('"LogGroup"') ? [`${stack}-${id}`] : [],
    ),
  );
  const documented = [...section.matchAll(/(?:STAGE|…)-((?:web|firewall-REGION)-\w+)…/g)].map(([, name = '']) =>
    name.replace('-REGION', ''),
  );
  expect(documented.length).toBe(3);
  for (const name of unnamed) expect(documented.filter((each) => name.startsWith(each))).toHaveLength(1);
  expect(unnamed).toHaveLength(3);
});
