import { randomInt, randomUUID } from 'node:crypto';
import { AwsError } from '../aws-wire/aws-error.ts';

/** A user of the pool. Users are named by their e-mail address, as in the operators' pool. */
export interface PoolUser {
  /** Both `sub` and user name: a UUID that nobody chooses. */
  readonly sub: string;
  readonly email: string;
  isEmailVerified: boolean;
  status: 'FORCE_CHANGE_PASSWORD' | 'CONFIRMED';
  password: string;
  /** Expiry of a temporary password; null for one that the user chose. */
  passwordEndsAtMs: number | null;
  totpSecret: string | null;
  readonly createdAtMs: number;
}

/** An e-mail as Cognito passes it to its sender. */
export interface PoolMail {
  readonly to: string;
  readonly subject: string;
  /** HTML. */
  readonly body: string;
}

export interface PoolUsersOptions {
  readonly clockMs: () => number;
  /** With the placeholders `{username}` and `{####}`. */
  readonly invitation: { readonly subject: string; readonly body: string };
  readonly temporaryPasswordDays: number;
  readonly minPasswordLength: number;
  /** E-mails per UTC day, including those that fail; the pool's own sender has 50 (Cognito developer guide, quotas). */
  readonly mailsPerDay: number;
  /** Takes an e-mail; throws if it cannot be delivered. */
  readonly deliver: (mail: PoolMail) => void;
}

const CLASSES = ['abcdefghijkmnopqrstuvwxyz', 'ABCDEFGHJKLMNPQRSTUVWXYZ', '23456789', '!@#%^*-_+='] as const;
const DAY_MS = 86_400_000;

const newPassword = (length: number): string =>
  Array.from({ length }, (_, at) => CLASSES[at % CLASSES.length] ?? '')
    .map((letters) => letters[randomInt(letters.length)])
    .join('');

/** The users of a pool and their passwords, in memory. Errors have Cognito's names and texts. */
export class PoolUsers {
  readonly #options: PoolUsersOptions;
  readonly #users: PoolUser[] = [];
  readonly #mailsOfDay = { day: 0, count: 0 };

  constructor(options: PoolUsersOptions) {
    this.#options = options;
  }

  all(): readonly PoolUser[] {
    return this.#users;
  }

  /** By user name, or by address, case-insensitively. */
  find(name: string): PoolUser | null {
    return this.#users.find(({ sub, email }) => sub === name || email === name.toLowerCase()) ?? null;
  }

  /**
   * @throws AwsError UsernameExistsException; CodeDeliveryFailureException or LimitExceededException, in which case the user exists
   *   nevertheless
   */
  invite(email: string, isEmailVerified: boolean, temporaryPassword: string | null, isSilent: boolean): PoolUser {
    if (this.find(email) !== null) throw new AwsError('UsernameExistsException', 'User account already exists');
    const user: PoolUser = {
      sub: randomUUID(),
      email: email.toLowerCase(),
      isEmailVerified,
      status: 'FORCE_CHANGE_PASSWORD',
      password: '',
      passwordEndsAtMs: null,
      totpSecret: null,
      createdAtMs: this.#options.clockMs(),
    };
    this.#renew(user, temporaryPassword);
    this.#users.push(user);
    if (!isSilent) this.#mail(user);
    return user;
  }

  /** @throws AwsError UserNotFoundException, UnsupportedUserStateException, CodeDeliveryFailureException, LimitExceededException */
  inviteAgain(email: string): PoolUser {
    const user = this.find(email);
    if (user === null) throw new AwsError('UserNotFoundException', 'User does not exist.');
    if (user.status !== 'FORCE_CHANGE_PASSWORD') {
      throw new AwsError('UnsupportedUserStateException', `Resend not possible. ${user.status} status is not allowed.`);
    }
    this.#renew(user, null);
    this.#mail(user);
    return user;
  }

  /** The user with these credentials, or null. Temporary passwords expire. */
  checkPassword(email: string, password: string): PoolUser | null {
    const user = this.find(email);
    if (user === null || user.password !== password) return null;
    return user.passwordEndsAtMs !== null && this.#options.clockMs() >= user.passwordEndsAtMs ? null : user;
  }

  /** Sets the user's own password. @throws AwsError InvalidPasswordException */
  choosePassword(user: PoolUser, password: string): void {
    this.#checkPolicy(password);
    Object.assign(user, { password, passwordEndsAtMs: null, status: 'CONFIRMED' });
  }

  #checkPolicy(password: string): void {
    const isLong = password.length >= this.#options.minPasswordLength;
    if (isLong && [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/].every((kind) => kind.test(password))) return;
    throw new AwsError('InvalidPasswordException', 'Password did not conform with policy');
  }

  #renew(user: PoolUser, given: string | null): void {
    if (given !== null) this.#checkPolicy(given);
    user.password = given ?? newPassword(this.#options.minPasswordLength);
    user.passwordEndsAtMs = this.#options.clockMs() + this.#options.temporaryPasswordDays * DAY_MS;
  }

  /** @throws AwsError LimitExceededException */
  #countMail(): void {
    const day = Math.floor(this.#options.clockMs() / DAY_MS);
    const ofDay = this.#mailsOfDay;
    if (ofDay.day !== day) Object.assign(ofDay, { day, count: 0 });
    if (ofDay.count >= this.#options.mailsPerDay) {
      throw new AwsError('LimitExceededException', 'Exceeded daily email limit for the operation or the account.');
    }
    ofDay.count += 1;
  }

  #mail({ sub, email, password }: PoolUser): void {
    const { subject, body } = this.#options.invitation;
    this.#countMail();
    try {
      this.#options.deliver({
        to: email,
        subject,
        body: body.replaceAll('{username}', sub).replaceAll('{####}', () => password),
      });
    } catch (error) {
      throw new AwsError('CodeDeliveryFailureException', error instanceof Error ? error.message : 'not delivered');
    }
  }
}
