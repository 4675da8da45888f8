import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AwsError } from '../aws-wire/aws-error.ts';
import { openFolder } from '../aws-wire/durable-file.ts';
import { ObjectFiles } from './object-files.ts';

/** Names that S3 allows (S3 user guide, bucket naming rules); none of them leaves the folder. */
const BUCKET_NAME = /^(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** The buckets in one folder: those from earlier runs, and those created while it runs. */
export class Buckets {
  readonly #folder: string;
  readonly #open = new Map<string, ObjectFiles>();

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** @param names buckets that must exist */
  static async open(folder: string, names: readonly string[]): Promise<Buckets> {
    await openFolder(folder);
    const buckets = new Buckets(folder);
    const kept = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory());
    for (const name of new Set([...kept.map((entry) => entry.name), ...names])) await buckets.create(name);
    return buckets;
  }

  /** @throws AwsError InvalidBucketName */
  async create(name: string): Promise<void> {
    if (!BUCKET_NAME.test(name)) throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.');
    if (!this.#open.has(name)) this.#open.set(name, await ObjectFiles.open(join(this.#folder, name)));
  }

  names(): readonly string[] {
    return [...this.#open.keys()];
  }

  /** @throws AwsError NoSuchBucket */
  find(name: string): ObjectFiles {
    const files = this.#open.get(name);
    if (files === undefined) throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404);
    return files;
  }
}
