import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { embedFace } from '../engine/embed-face.ts';
import { type FoundFace, findFaces } from '../engine/find-faces.ts';
import type { Models } from '../engine/models.ts';
import { readImage } from '../engine/read-image.ts';
import type { KnownFace } from './scores.ts';

const PICTURES = ['.jpg', '.jpeg', '.png'];

/** The faces read from a folder of people. */
export interface People {
  readonly faces: readonly KnownFace[];
  readonly photos: number;
  /** Photos in which no face was found. */
  readonly missed: number;
  /** Photos with more than one face; the one nearest the middle counts. */
  readonly crowded: number;
}

const fromMiddle = ({ box }: FoundFace): number =>
  Math.hypot(box.left + box.width / 2 - 0.5, box.top + box.height / 2 - 0.5);

/** Reads a folder with one subfolder per person, each with photos (JPEG, PNG) that show this person in the middle. */
export const readPeople = async (models: Models, folder: string): Promise<People> => {
  const faces: KnownFace[] = [];
  let [photos, missed, crowded] = [0, 0, 0];
  const people = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  for (const { name: person } of people) {
    for (const file of (await readdir(join(folder, person))).sort()) {
      if (!PICTURES.includes(extname(file).toLowerCase())) continue;
      const image = await readImage(await readFile(join(folder, person, file)));
      const found = (await findFaces(models, image)).sort((a, b) => fromMiddle(a) - fromMiddle(b));
      photos += 1;
      if (found.length > 1) crowded += 1;
      if (found[0] === undefined) missed += 1;
      else faces.push({ person, embedding: await embedFace(models, image, found[0]) });
    }
  }
  return { faces, photos, missed, crowded };
};

/**
 * Groups of people from a CSV with the columns person (the subfolder's name) and group, with or without a heading; no quotes.
 * @throws Error naming the line that does not have two columns
 */
export const readGroups = (csv: string): ReadonlyMap<string, string> => {
  const lines = csv.split(/\r?\n/).filter((line) => line.trim() !== '');
  const rows = lines.map((line, index) => {
    const cells = line.split(',').map((cell) => cell.trim());
    if (cells.length !== 2) throw new Error(`Line ${index + 1} of the groups needs the two columns person and group`);
    return cells as [string, string];
  });
  return new Map(rows.filter(([person]) => person.toLowerCase() !== 'person'));
};
