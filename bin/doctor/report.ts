import type { Finding } from './checks/check.ts';
import type { Target } from './facts.ts';

const MARKS: Readonly<Record<Finding['state'], string>> = { ok: '✓', note: '·', fault: '✗', unknown: '?' };

/** 0: all is well, 1: something is wrong, 2: nothing wrong was seen, but not everything was read. */
export type ExitCode = 0 | 1 | 2;

export const exitCodeOf = (findings: readonly Finding[]): ExitCode => {
  if (findings.some(({ state }) => state === 'fault')) return 1;
  return findings.some(({ state }) => state === 'unknown') ? 2 : 0;
};

const linesOf = ({ name, what, state, value, why, fix }: Finding): readonly string[] => [
  `${MARKS[state]} ${name}  ${what}: ${value}`,
  ...(why === null ? [] : [`    why  ${why}`]),
  ...(fix === null ? [] : [`    fix  ${fix}`]),
];

/** What was not read, by reason: one cause, such as credentials that have ended, often has many effects. */
const unreadLines = (findings: readonly Finding[]): readonly string[] => {
  const names = new Map<string, string[]>();
  for (const { state, name, why } of findings) {
    if (state === 'unknown') names.set(why ?? '', [...(names.get(why ?? '') ?? []), name]);
  }
  return [...names].flatMap(([why, unread]) => [`${MARKS.unknown} not read: ${unread.join(', ')}`, `    why  ${why}`]);
};

/** The report for a terminal or a log. */
export const textReport = ({ stage, region }: Target, findings: readonly Finding[]): string => {
  const count = (state: Finding['state']): number => findings.filter((finding) => finding.state === state).length;
  return [
    `Stage ${stage} in ${region}`,
    '',
    ...findings.filter(({ state }) => state !== 'unknown').flatMap(linesOf),
    ...unreadLines(findings),
    '',
    `${findings.length} checks: ${count('ok') + count('note')} well, ${count('fault')} wrong, ${count('unknown')} not read`,
  ].join('\n');
};

/** The report for programs. */
export const jsonReport = ({ stage, region }: Target, findings: readonly Finding[]): string =>
  JSON.stringify({ stage, region, exitCode: exitCodeOf(findings), findings }, null, 2);
