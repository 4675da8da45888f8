import { basename } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take longer than 15 seconds, the longest first; vitest itself goes by what it remembers, and a fresh clone remembers nothing. */
const LONGEST = [
  'capture-trouble',
  'liveness-attacks',
  'as-deployed',
  'portal-sign-in-again',
  'hostile-input',
  'every-call-fails',
  'empty-starts',
  'deploy-cli',
  'portal-integrations',
  'portal-people',
  'states',
  'start-failures',
  'rows',
  'portal-filters',
  'engine-ends',
  'housekeeping',
  'portal-newcomer',
  'guesses',
  'operator-command',
  'upgrade',
  'stacks',
  'transitions',
];

const placeOf = ({ moduleId }: TestSpecification): number => {
  const place = LONGEST.indexOf(basename(moduleId).replace(/\.test\.tsx?$/, ''));
  return place < 0 ? LONGEST.length : place;
};

/** Begins with the longest files of each project, so that none of them runs alone at the end while the other cores have nothing to do. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const projects = [...new Set(sorted.map(({ project }) => project.name))];
    return sorted.sort(
      (a, b) => projects.indexOf(a.project.name) - projects.indexOf(b.project.name) || placeOf(a) - placeOf(b),
    );
  }
}
