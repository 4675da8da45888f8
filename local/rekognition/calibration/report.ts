import type { People } from './read-people.ts';
import {
  equalErrorRate,
  type KnownFace,
  type Operation,
  operate,
  type PairScores,
  rateBound,
  scorePairs,
  thresholdFor,
} from './scores.ts';

const RATES = [1e-2, 1e-3, 1e-4, 1e-5];
/** With fewer false matches than this, a rate is left to chance. */
const FEW = 10;

const percent = (value: number, digits = 1): string => `${(value * 100).toFixed(digits)} %`;
const scientific = (value: number): string => value.toExponential(1);
const whole = (value: number): string => value.toLocaleString('en');
const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

const cellsOf = (name: string, operation: Operation | null): string[] =>
  operation === null
    ? [name, 'too few pairs', '', '', '']
    : [
        name,
        operation.cosine.toFixed(3),
        `${operation.falseMatches}${operation.falseMatches < FEW ? ' (few)' : ''}`,
        scientific(operation.falseMatchBound),
        percent(operation.trueMatchRate),
      ];

const ratesTable = (scores: PairScores): string =>
  table(
    ['measured FMR', 'cosine', 'false matches', 'FMR below, 95 % sure', 'TMR'],
    RATES.map((rate) => cellsOf(scientific(rate), thresholdFor(scores, rate, false))),
  );

const curveTable = (scores: PairScores, anchors: readonly (readonly number[])[]): string =>
  table(
    ['Similarity', 'cosine', 'false matches', 'FMR below, 95 % sure', 'TMR'],
    anchors.slice(1, -1).map(([cosine = 0, similarity = 0]) => cellsOf(`${similarity}`, operate(scores, cosine))),
  );

/** At the threshold of Similarity 99: the rates of each group; impostors are pairs inside the group. */
export const groupTable = (
  faces: readonly KnownFace[],
  groups: ReadonlyMap<string, string>,
  cosine: number,
): string => {
  const names = [...new Set(faces.map(({ person }) => groups.get(person) ?? 'not labeled'))].sort();
  return table(
    ['group', 'photos', 'genuine pairs', 'FNMR', 'FNMR below', 'impostor pairs', 'FMR', 'FMR below'],
    names.map((name) => {
      const members = faces.filter(({ person }) => (groups.get(person) ?? 'not labeled') === name);
      const scores = scorePairs(members);
      const { falseMatchRate, falseMatchBound, trueMatchRate } = operate(scores, cosine);
      const missed = Math.round((1 - trueMatchRate) * scores.genuine.length);
      return [
        name,
        whole(members.length),
        whole(scores.genuine.length),
        scores.genuine.length === 0 ? 'no pairs' : percent(1 - trueMatchRate),
        scores.genuine.length === 0 ? 'no pairs' : percent(rateBound(missed, scores.genuine.length)),
        whole(scores.impostor.length),
        scores.impostor.length === 0 ? 'no pairs' : scientific(falseMatchRate),
        scores.impostor.length === 0 ? 'no pairs' : scientific(falseMatchBound),
      ];
    }),
  );
};

/** The report of one run, Markdown. */
export const reportOf = (
  people: People,
  scores: PairScores,
  anchors: readonly (readonly number[])[],
  groups: ReadonlyMap<string, string> | null,
): string => {
  const persons = new Set(people.faces.map(({ person }) => person)).size;
  const at99 = anchors.find(([, similarity]) => similarity === 99)?.[0] ?? 1;
  const sections = [
    `${whole(people.photos)} photos of ${whole(persons)} people; ${whole(scores.genuine.length)} genuine and ${whole(scores.impostor.length)} impostor pairs.
No face found in ${people.missed} photos (${percent(people.missed / Math.max(1, people.photos))}); more than one in ${people.crowded}, of which the one nearest the middle counts.
Equal error rate ${percent(equalErrorRate(scores), 2)}. A rate that was never met in these pairs is below 3/n = ${scientific(3 / Math.max(1, scores.impostor.length))} with 95 % confidence, and
the refusals of genuine pairs below 3/n = ${percent(3 / Math.max(1, scores.genuine.length))} where none was refused. Pairs share photos, so the true intervals are wider.`,
    ratesTable(scores),
    'The curve that Similarity follows, straight between these points:',
    curveTable(scores, anchors),
  ];
  if (groups !== null) sections.push('By group, at Similarity 99:', groupTable(people.faces, groups, at99));
  return `${sections.join('\n\n')}\n`;
};
