import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { loadModels } from '../engine/models.ts';
import { readGroups, readPeople } from './read-people.ts';
import { reportOf } from './report.ts';
import { anchorsOf, scorePairs } from './scores.ts';

const ANCHORS = fileURLToPath(new URL('../engine/similarity-anchors.json', import.meta.url));

const USAGE = `Usage: npm run calibrate -- FOLDER [--groups people.csv] [--report FILE] [--write]

FOLDER has one subfolder per person with photos of this person. The CSV has the columns person and group.
Prints error rates with sample sizes. --report also writes them to a file; --write makes the measured curve the one that
the local Rekognition uses.`;

const main = async (): Promise<void> => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { groups: { type: 'string' }, report: { type: 'string' }, write: { type: 'boolean', default: false } },
  });
  const [folder] = positionals;
  if (folder === undefined || positionals.length > 1) throw new Error(USAGE);
  const groups = values.groups === undefined ? null : readGroups(await readFile(values.groups, 'utf8'));
  const people = await readPeople(await loadModels(), folder);
  const scores = scorePairs(people.faces);
  const anchors = anchorsOf(scores);
  const report = reportOf(people, scores, anchors, groups);
  console.log(report);
  if (values.report !== undefined) await writeFile(values.report, report);
  if (values.write) {
    await writeFile(ANCHORS, `[\n${anchors.map(([x, y]) => `  [${x}, ${y}]`).join(',\n')}\n]\n`);
    console.log('The new curve is used from the next start.');
  }
};

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
