import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { VARIABLE } from './moved-clock.cjs';

/**
 * Runs `npm test` with the clock of everything that it starts moved to other days, hours, zones and locales, one after the other:
 * `npm run test:clocks`, or only one: `npm run test:clocks -- --at 2028-02-29T23:50:00Z --zone Asia/Kolkata`.
 */
interface Setting {
  readonly name: string;
  /** The time when the tests start; null: now. */
  readonly atMs: number | null;
  /** IANA name; null: the machine's. */
  readonly zone: string | null;
  readonly locale?: string;
}

const PRELOAD = fileURLToPath(new URL('./moved-clock.cjs', import.meta.url));
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const DAY_MS = 86_400_000;

const nextSaturdayMs = (nowMs: number): number => nowMs + ((6 - new Date(nowMs).getUTCDay() + 7) % 7 || 7) * DAY_MS;

const settingsOf = (nowMs: number): readonly Setting[] => [
  { name: 'tomorrow', atMs: nowMs + DAY_MS, zone: null },
  { name: 'a Saturday', atMs: nextSaturdayMs(nowMs), zone: null },
  { name: 'the last minute of a year', atMs: Date.UTC(2027, 11, 31, 23, 59), zone: 'UTC' },
  { name: 'the night after a leap day', atMs: Date.UTC(2028, 1, 29, 23, 50), zone: 'UTC' },
  {
    name: 'an hour that comes twice',
    atMs: Date.UTC(2027, 9, 31, 0, 58),
    zone: 'Europe/Berlin',
    locale: 'de_DE.UTF-8',
  },
  { name: 'an hour that is skipped', atMs: Date.UTC(2027, 2, 14, 9, 58), zone: 'America/Los_Angeles' },
  { name: 'Los Angeles', atMs: null, zone: 'America/Los_Angeles' },
  { name: 'Kolkata', atMs: null, zone: 'Asia/Kolkata' },
];

const environmentOf = ({ atMs, zone, locale }: Setting): NodeJS.ProcessEnv => ({
  ...process.env,
  NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} --require "${PRELOAD}"`.trim(),
  [VARIABLE]: String(atMs === null ? 0 : atMs - Date.now()),
  ...(zone === null ? {} : { TZ: zone }),
  ...(locale === undefined ? {} : { LC_ALL: locale, LANG: locale }),
});

/** True if all tests pass. */
const passes = async (setting: Setting): Promise<boolean> => {
  const child = spawn('npm', ['test'], { cwd: ROOT, env: environmentOf(setting), stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  return code === 0;
};

const chosen = (): readonly Setting[] => {
  const { values } = parseArgs({ options: { at: { type: 'string' }, zone: { type: 'string' } } });
  if (values.at === undefined && values.zone === undefined) return settingsOf(Date.now());
  const atMs = values.at === undefined ? null : Date.parse(values.at);
  if (Number.isNaN(atMs)) throw new Error(`"${values.at}" is not a date and time such as 2028-02-29T23:50:00Z`);
  return [{ name: 'the given clock', atMs, zone: values.zone ?? null }];
};

const results: string[] = [];
for (const setting of chosen()) {
  const startedAt = performance.now();
  const isGreen = await passes(setting);
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  const at = setting.atMs === null ? 'now' : new Date(setting.atMs).toISOString();
  results.push(
    `${isGreen ? 'green' : 'RED  '}  ${seconds} s  ${setting.name}: ${at}, ${setting.zone ?? 'the machine’s zone'}`,
  );
  if (!isGreen) process.exitCode = 1;
}
console.log(`\n${results.join('\n')}`);
