import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { createDurably, openFolder, readIfExists, removeDurably, writeDurably } from '../aws-wire/durable-file.ts';

const Head = z.strictObject({
  key: z.string(),
  contentType: z.string(),
  /** Lower-case names without `x-amz-meta-`. */
  metadata: z.record(z.string(), z.string()),
  /** Header of the checksum that came with it, e.g. `x-amz-checksum-crc32`, to its base64 value. */
  checksums: z.record(z.string(), z.string()),
  etag: z.string(),
  /** Milliseconds since 1970. */
  modifiedAtMs: z.number(),
  size: z.number(),
});
export type ObjectHead = Readonly<z.infer<typeof Head>>;

/** An object as stored; `body` is complete or the object does not exist. */
export interface StoredObject {
  readonly head: ObjectHead;
  readonly body: Buffer;
}

const EXTENSION = '.object';
const NEWLINE = 0x0a;

/** A hash as file name: no key leaves the folder, is too long for a file system, or differs from another in case only. */
const fileName = (key: string): string => `${createHash('sha256').update(key).digest('hex')}${EXTENSION}`;

const parse = (bytes: Buffer): StoredObject => {
  const headEnd = bytes.indexOf(NEWLINE);
  return {
    head: Head.parse(JSON.parse(bytes.subarray(0, headEnd).toString('utf8'))),
    body: bytes.subarray(headEnd + 1),
  };
};

/** One bucket as a folder, with one file per object: a line of JSON before its bytes, so that both change in one step. */
export class ObjectFiles {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Also removes what a killed writer left. */
  static async open(folder: string): Promise<ObjectFiles> {
    await openFolder(folder);
    return new ObjectFiles(folder);
  }

  /** @returns false if `onlyIfAbsent` and there is already an object */
  async write(head: ObjectHead, body: Uint8Array, onlyIfAbsent: boolean): Promise<boolean> {
    const path = join(this.#folder, fileName(head.key));
    const bytes = Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), body]);
    if (onlyIfAbsent) return createDurably(path, bytes);
    await writeDurably(path, bytes);
    return true;
  }

  async read(key: string): Promise<StoredObject | null> {
    const bytes = await readIfExists(join(this.#folder, fileName(key)));
    return bytes === null ? null : parse(bytes);
  }

  remove(key: string): Promise<void> {
    return removeDurably(join(this.#folder, fileName(key)));
  }

  /** Heads of the objects whose key begins with `prefix`, in the order of their keys' UTF-8 bytes, as S3 lists them. */
  async list(prefix: string): Promise<ObjectHead[]> {
    const files = (await readdir(this.#folder)).filter((file) => file.endsWith(EXTENSION));
    const objects = await Promise.all(files.map((file) => readIfExists(join(this.#folder, file))));
    return objects
      .flatMap((bytes) => (bytes === null ? [] : [parse(bytes).head]))
      .filter(({ key }) => key.startsWith(prefix))
      .sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
  }
}
