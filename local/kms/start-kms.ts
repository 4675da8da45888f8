import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { AwsError } from '../aws-wire/aws-error.ts';
import { createAwsJsonServer, type Operation } from '../aws-wire/aws-json-server.ts';
import { ACCOUNT_ID, type CredentialStore } from '../aws-wire/credentials.ts';
import { readIfExists, writeDurably } from '../aws-wire/durable-file.ts';
import { listen, type RunningPart, StartError } from '../aws-wire/listen.ts';

export interface KmsOptions {
  readonly port: number;
  readonly folder: string;
  readonly credentials: CredentialStore;
  /**
   * Names of the existing keys, e.g. `alias/verified-faces`, or ARNs; each gets its own random key material at the first start. `mrk-` and
   * 32 hex digits name a multi-Region key, which is addressed by its id or its ARN in this region. Its replica in another region is the
   * key of the same id and material there.
   */
  readonly keys: readonly string[];
  /** Of keys that are named by an alias or an id; default: us-east-1. */
  readonly region?: string;
  readonly clockMs?: () => number;
}

const Context = z.record(z.string(), z.string()).default({});
const EncryptInput = z.object({ KeyId: z.string(), Plaintext: z.string(), EncryptionContext: Context });
const DecryptInput = z.object({ KeyId: z.string().optional(), CiphertextBlob: z.string(), EncryptionContext: Context });
const DataKeyInput = z.object({ KeyId: z.string(), KeySpec: z.literal('AES_256'), EncryptionContext: Context });
const KeyFile = z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/));

const IV_BYTES = 12;
const TAG_BYTES = 16;

const MULTI_REGION_ARN = /^arn:aws:kms:([a-z0-9-]+):\d{12}:key\/(mrk-.+)$/;

const parse = <T extends z.ZodType>(schema: T, input: unknown): z.infer<T> => {
  const result = schema.safeParse(input);
  if (!result.success) throw new AwsError('ValidationException', result.error.issues[0]?.message ?? 'invalid input');
  return result.data;
};

/** The context in a fixed order, as additional authenticated data (AWS KMS developer guide, encryption context). */
const aad = (keyId: string, context: Record<string, string>): Buffer =>
  Buffer.from(JSON.stringify([keyId, Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1))]));

const loadKeys = async (options: KmsOptions): Promise<Map<string, Buffer>> => {
  const path = join(options.folder, 'keys.json');
  const stored = await readIfExists(path);
  let known: Record<string, string>;
  try {
    known = stored === null ? {} : KeyFile.parse(JSON.parse(stored.toString('utf8')));
  } catch (cause) {
    throw new StartError('The local key file is damaged; "npm start -- --reset" starts from scratch.', { cause });
  }
  const missing = options.keys.filter((name) => known[name] === undefined);
  const all = { ...known, ...Object.fromEntries(missing.map((name) => [name, randomBytes(32).toString('hex')])) };
  if (missing.length > 0) await writeDurably(path, JSON.stringify(all));
  return new Map(Object.entries(all).map(([name, hex]) => [name, Buffer.from(hex, 'hex')]));
};

const operationsOn = (keys: Map<string, Buffer>, region: string): Record<string, Operation> => {
  /** @throws AwsError for the ARN of a key in another region, whose replica here has an ARN of its own */
  const nameOf = (id: string): string => {
    const [, ofRegion, name = id] = MULTI_REGION_ARN.exec(id) ?? [];
    if (ofRegion !== undefined && ofRegion !== region)
      throw new AwsError('NotFoundException', `Invalid arn ${ofRegion}`);
    return name;
  };
  /** A key as answers name it. */
  const shown = (name: string): string =>
    name.startsWith('mrk-') ? `arn:aws:kms:${region}:${ACCOUNT_ID}:key/${name}` : name;
  const keyOf = (name: string): Buffer => {
    const key = keys.get(name);
    if (key === undefined) throw new AwsError('NotFoundException', 'The key does not exist.');
    return key;
  };
  const encrypt = (keyId: string, plaintext: Buffer, context: Record<string, string>): string => {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', keyOf(keyId), iv).setAAD(aad(keyId, context));
    const name = Buffer.from(keyId);
    const sealed = Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
    return Buffer.concat([Buffer.from([name.length]), name, iv, sealed]).toString('base64');
  };
  const decrypt = (blob: Buffer, context: Record<string, string>) => {
    const nameEnd = 1 + (blob[0] ?? 0);
    const keyId = madeBy(blob);
    const key = keys.get(keyId);
    try {
      if (key === undefined) throw new Error('unknown key');
      const decipher = createDecipheriv('aes-256-gcm', key, blob.subarray(nameEnd, nameEnd + IV_BYTES));
      decipher.setAAD(aad(keyId, context)).setAuthTag(blob.subarray(blob.length - TAG_BYTES));
      const sealed = blob.subarray(nameEnd + IV_BYTES, blob.length - TAG_BYTES);
      return { keyId, plaintext: Buffer.concat([decipher.update(sealed), decipher.final()]) };
    } catch {
      throw new AwsError('InvalidCiphertextException', 'The ciphertext or its encryption context is wrong.');
    }
  };
  return {
    Encrypt: (input) => {
      const { KeyId, Plaintext, EncryptionContext } = parse(EncryptInput, input);
      const name = nameOf(KeyId);
      const CiphertextBlob = encrypt(name, Buffer.from(Plaintext, 'base64'), EncryptionContext);
      return { KeyId: shown(name), CiphertextBlob };
    },
    Decrypt: (input) => {
      const { KeyId, CiphertextBlob, EncryptionContext } = parse(DecryptInput, input);
      const { keyId, plaintext } = decrypt(Buffer.from(CiphertextBlob, 'base64'), EncryptionContext);
      if (KeyId !== undefined && nameOf(KeyId) !== keyId)
        throw new AwsError('IncorrectKeyException', 'Another key made this ciphertext.');
      return { KeyId: shown(keyId), Plaintext: plaintext.toString('base64') };
    },
    GenerateDataKey: (input) => {
      const { KeyId, EncryptionContext } = parse(DataKeyInput, input);
      const key = randomBytes(32);
      const name = nameOf(KeyId);
      const CiphertextBlob = encrypt(name, key, EncryptionContext);
      return { KeyId: shown(name), Plaintext: key.toString('base64'), CiphertextBlob };
    },
  };
};

/** The name of the key that made a ciphertext. */
const madeBy = (blob: Buffer): string => blob.subarray(1, 1 + (blob[0] ?? 0)).toString('utf8');

const Named = z.object({
  KeyId: z.string().optional(),
  CiphertextBlob: z.string().optional(),
  EncryptionContext: Context,
});

/** The key's ARN, and the encryption context, by which policies restrict the use of a key. */
const accessTo = (input: unknown, region: string) => {
  const { KeyId, CiphertextBlob = '', EncryptionContext } = parse(Named, input);
  const name = KeyId ?? madeBy(Buffer.from(CiphertextBlob, 'base64'));
  const path = name.startsWith('mrk-') ? `key/${name}` : name;
  return {
    resource: name.startsWith('arn:') ? name : `arn:aws:kms:${region}:${ACCOUNT_ID}:${path}`,
    context: Object.fromEntries(
      Object.entries(EncryptionContext).map(([key, value]) => [`kms:encryptioncontext:${key.toLowerCase()}`, value]),
    ),
  };
};

/** The few KMS calls that the service makes, with durable keys and real AES-256-GCM. For development only. */
export const startKms = async (options: KmsOptions): Promise<RunningPart> => {
  const server = createAwsJsonServer({
    credentials: options.credentials,
    target: 'TrentService',
    iamPrefix: 'kms',
    operations: operationsOn(await loadKeys(options), options.region ?? 'us-east-1'),
    accessOf: (_operation, input) => accessTo(input, options.region ?? 'us-east-1'),
    maxBodyBytes: 64 * 1024,
    clockMs: options.clockMs ?? Date.now,
  });
  return listen(server, options.port, 'KMS');
};
