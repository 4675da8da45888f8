import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { PORTAL_PAGE_PATH, PortalConfig } from '../../../contract/api/portal/sign-in.ts';
import { loginPrefix } from '../../../lib/login-prefix.ts';
import { STAGES, type Stage } from '../stages.ts';
import { of } from './made-stages.ts';

// What one part writes and another reads: logs and metrics are in log-formats.ts and operations.ts, the environment in every-stage.ts.

const ACCOUNT = '111122223333';
const EACH = Object.keys(STAGES) as Stage[];

const Join = z.object({ 'Fn::Join': z.tuple([z.string(), z.array(z.unknown())]) });

/** The text that CloudFormation makes of a value: references become the id of their resource. */
const textOf = (value: unknown): string => {
  if (typeof value === 'string') return value;
  const joined = Join.safeParse(value);
  if (joined.success) return joined.data['Fn::Join'][1].map(textOf).join(joined.data['Fn::Join'][0]);
  const { Ref } = z.object({ Ref: z.string() }).parse(value);
  return Ref === 'AWS::AccountId' ? ACCOUNT : Ref;
};

test('the portal’s pages read the config.json that is deployed', () => {
  for (const stage of EACH) {
    const { web } = of(stage).stacks;
    const members = z.record(z.string(), z.unknown()).parse(web.resolve(web.signIn.config));
    const config = PortalConfig.parse(Object.fromEntries(Object.entries(members).map(([k, v]) => [k, textOf(v)])));
    expect(config.issuer).toMatch(/^https:\/\/(cognito-idp\.[a-z0-9-]+\.amazonaws\.com\/\w+|login\.example\.com)$/);
    const uploads = Object.values(of(stage).templates.web.findResources('Custom::CDKBucketDeployment'));
    const prefixes = uploads.map(({ Properties }) => `/${Properties['DestinationBucketKeyPrefix']}/`);
    expect(prefixes).toContain(PORTAL_PAGE_PATH);
  }
});

test('npm run operator finds the pool by the domain that the stage has', () => {
  for (const stage of ['dev', 'prod'] as const) {
    const [domain, ...others] = Object.values(of(stage).templates.web.findResources('AWS::Cognito::UserPoolDomain'));
    expect(others).toEqual([]);
    expect(textOf(domain?.['Properties'].Domain)).toBe(loginPrefix(stage, ACCOUNT));
  }
});

test('the schedule gives housekeeping nothing to read, and the runbook finds it by the name of its stack', () => {
  for (const stage of EACH) {
    const [schedule, ...others] = Object.values(of(stage).templates.service.findResources('AWS::Scheduler::Schedule'));
    expect(others).toEqual([]);
    expect(schedule?.['Properties'].Target.Input).toBeUndefined();
    // CloudFormation's own name begins with the stack's.
    expect(schedule?.['Properties'].Name).toBeUndefined();
  }
});

test('stacks and outputs that the documents name exist', async () => {
  const read = (name: string) => readFile(join(import.meta.dirname, '../../../docs', name), 'utf8');
  const texts = (await Promise.all(['deploy.md', 'runbook.md', 'install.md'].map(read))).join('\n');
  const parts = Object.keys(of('prod').stacks);
  const named = [...texts.matchAll(/verified-(?:\$?STAGE|prod)-([a-z]+)/g)].map(([, part = '']) => part);
  expect(new Set(named).size).toBeGreaterThan(4);
  expect(named.filter((part) => !parts.includes(part))).toEqual([]);
  const outputs = Object.keys(of('prod').templates.web.toJSON()['Outputs']);
  const asked = [...texts.matchAll(/`(\w+)` (?:is )?among the outputs/g)].map(([, output = '']) => output);
  expect(asked.length).toBeGreaterThan(1);
  expect(outputs).toEqual(expect.arrayContaining(asked));
});
