// Checks the subjects of commits: Conventional Commits (https://www.conventionalcommits.org), up to 72 characters.
//   node .githooks/check-subject.mjs FILE              the message that git is about to commit
//   node .githooks/check-subject.mjs --range A..B      every commit of a range, except merges
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const MAX_CHARACTERS = 72;
const TYPES = ['feat', 'fix', 'perf', 'refactor', 'docs', 'test', 'build', 'ci', 'chore', 'style', 'revert'];
const SUBJECT = new RegExp(`^(${TYPES.join('|')})(\\([a-z0-9][a-z0-9, -]*\\))?!?: \\S.*$`);
/** What git writes itself, and what is squashed before anyone sees it. */
const WRITTEN_BY_GIT = /^(Merge |Revert "|fixup! |squash! |amend! )/;

/** What is wrong with a subject; null: nothing. */
const faultOf = (subject) => {
  if (WRITTEN_BY_GIT.test(subject)) return null;
  const length = [...subject].length;
  if (length > MAX_CHARACTERS) return `${length} characters, ${MAX_CHARACTERS} at most`;
  if (!SUBJECT.test(subject))
    return `not "type: what changes" or "type(part): what changes"; types: ${TYPES.join(', ')}`;
  return null;
};

const subjects = ([first, range]) => {
  if (first !== '--range') {
    const lines = readFileSync(first, 'utf8').split('\n');
    return [lines.find((line) => line.trim() !== '' && !line.startsWith('#')) ?? ''];
  }
  const output = execFileSync('git', ['log', '--no-merges', '--format=%s', range], { encoding: 'utf8' });
  return output.split('\n').filter((line) => line !== '');
};

if (process.argv.length < 3) {
  console.error('Usage: check-subject.mjs FILE | --range A..B');
  process.exit(2);
}
const faults = subjects(process.argv.slice(2)).flatMap((subject) => {
  const fault = faultOf(subject);
  return fault === null ? [] : [`${subject}\n  ${fault}`];
});
if (faults.length > 0) {
  console.error(faults.join('\n'));
  process.exit(1);
}
