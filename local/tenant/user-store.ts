import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { readIfExists, writeDurably } from '../aws-wire/durable-file.ts';
import { StartError } from '../aws-wire/listen.ts';
import type { TenantUser } from './actions/action-event.ts';
import type { MetadataChanges } from './login/login-pipeline.ts';

const StoredUser = z.object({
  user_id: z.string(),
  email: z.string(),
  email_verified: z.boolean(),
  name: z.string(),
  salt: z.string(),
  passwordHash: z.string(),
  logins: z.number(),
  app_metadata: z.record(z.string(), z.unknown()),
  user_metadata: z.record(z.string(), z.unknown()),
});
type StoredUser = z.infer<typeof StoredUser>;

export interface NewUser {
  /** Default: a new one. */
  readonly userId?: string;
  readonly email: string;
  readonly name: string;
  readonly password: string;
  readonly emailVerified: boolean;
}

/** What an admin may change about a user. */
export interface UserChanges {
  readonly email?: string | undefined;
  readonly email_verified?: boolean | undefined;
  readonly name?: string | undefined;
  readonly password?: string | undefined;
  readonly app_metadata?: Readonly<Record<string, unknown>> | undefined;
  readonly user_metadata?: Readonly<Record<string, unknown>> | undefined;
}

/** A user with their number of logins. */
export interface StoredUserView {
  readonly user: TenantUser;
  readonly logins: number;
}

const hash = async (password: string, salt: string): Promise<Buffer> =>
  (await promisify(scrypt)(password, salt, 32)) as Buffer;

const merge = (known: Record<string, unknown>, changes: ReadonlyMap<string, unknown>): Record<string, unknown> =>
  Object.fromEntries([...new Map([...Object.entries(known), ...changes])].filter(([, value]) => value !== null));

const NOBODY_SALT = '00'.repeat(16);

/** The tenant's users, in one file that a crash never leaves partially written. */
export class TenantUserStore {
  readonly #path: string;
  readonly #users: Map<string, StoredUser>;
  #writing: Promise<void> = Promise.resolve();

  private constructor(path: string, users: readonly StoredUser[]) {
    this.#path = path;
    this.#users = new Map(users.map((user) => [user.user_id, user]));
  }

  static async open(folder: string): Promise<TenantUserStore> {
    const path = join(folder, 'users.json');
    const stored = await readIfExists(path);
    try {
      return new TenantUserStore(
        path,
        stored === null ? [] : z.array(StoredUser).parse(JSON.parse(stored.toString('utf8'))),
      );
    } catch (cause) {
      throw new StartError('The local tenant\'s user file is damaged; "npm start -- --reset" starts from scratch.', {
        cause,
      });
    }
  }

  find(userId: string): TenantUser | null {
    return this.#users.get(userId) ?? null;
  }

  all(): StoredUserView[] {
    return [...this.#users.values()].map((user) => ({ user, logins: user.logins }));
  }

  loginsOf(userId: string): number {
    return this.#users.get(userId)?.logins ?? 0;
  }

  /** Null if the e-mail address is taken. */
  async add({ userId, email, name, password, emailVerified }: NewUser): Promise<TenantUser | null> {
    if (this.#byEmail(email) !== undefined) return null;
    const salt = randomBytes(16).toString('hex');
    const user: StoredUser = {
      user_id: userId ?? `auth0|${randomBytes(12).toString('hex')}`,
      email: email.toLowerCase(),
      email_verified: emailVerified,
      name,
      salt,
      passwordHash: (await hash(password, salt)).toString('hex'),
      logins: 0,
      app_metadata: {},
      user_metadata: {},
    };
    this.#users.set(user.user_id, user);
    await this.#save();
    return user;
  }

  /** The user with this address and password, or null; unknown addresses take the same time. */
  async authenticate(email: string, password: string): Promise<TenantUser | null> {
    const user = this.#byEmail(email);
    const given = await hash(password, user?.salt ?? NOBODY_SALT);
    if (user === undefined || !timingSafeEqual(given, Buffer.from(user.passwordHash, 'hex'))) return null;
    return user;
  }

  /** Counts a login with password or sign-up. */
  async countLogin(userId: string): Promise<void> {
    const user = this.#users.get(userId);
    if (user === undefined) return;
    this.#users.set(userId, { ...user, logins: user.logins + 1 });
    await this.#save();
  }

  /** Merges the changes at the first level, as Auth0 does; null removes an entry. */
  async saveMetadata(userId: string, { appMetadata, userMetadata }: MetadataChanges): Promise<void> {
    const user = this.#users.get(userId);
    if (user === undefined || appMetadata.size + userMetadata.size === 0) return;
    const app_metadata = merge(user.app_metadata, appMetadata);
    const user_metadata = merge(user.user_metadata, userMetadata);
    this.#users.set(userId, { ...user, app_metadata, user_metadata });
    await this.#save();
  }

  /** Changes the given fields; metadata is merged at the first level, and null removes an entry. */
  async change(userId: string, changes: UserChanges): Promise<void> {
    const user = this.#users.get(userId);
    if (user === undefined) return;
    const { password, email = user.email, name = user.name, email_verified = user.email_verified } = changes;
    const salt = password === undefined ? user.salt : randomBytes(16).toString('hex');
    this.#users.set(userId, {
      ...user,
      ...{ email: email.toLowerCase(), name, email_verified, salt },
      passwordHash: password === undefined ? user.passwordHash : (await hash(password, salt)).toString('hex'),
      app_metadata: merge(user.app_metadata, new Map(Object.entries(changes.app_metadata ?? {}))),
      user_metadata: merge(user.user_metadata, new Map(Object.entries(changes.user_metadata ?? {}))),
    });
    await this.#save();
  }

  async remove(userId: string): Promise<void> {
    if (this.#users.delete(userId)) await this.#save();
  }

  #byEmail(email: string): StoredUser | undefined {
    return [...this.#users.values()].find((user) => user.email === email.toLowerCase());
  }

  #save(): Promise<void> {
    this.#writing = this.#writing.then(() => writeDurably(this.#path, JSON.stringify([...this.#users.values()])));
    return this.#writing;
  }
}
