import { explainAwsFailure, failureOf } from '../aws-failure.ts';
import type { Reading } from './facts.ts';

/** Why something could not be read, in one sentence. */
export class Unread extends Error {}

const DENIED = /AccessDenied|NotAuthorized|Unauthorized|AuthorizationError/;
/** The denied action in AWS's sentence; the rest names the caller's session, which may be an e-mail address. */
const ACTION = /perform: ([\w-]+:\w+)/;

const explain = (error: unknown, region: string): string => {
  if (error instanceof Unread) return error.message;
  const known = explainAwsFailure(error, region);
  if (known !== null) return known;
  const { name, message } = failureOf(error);
  if (DENIED.test(name)) {
    const action = ACTION.exec(message)?.[1] ?? 'what this line needs';
    return `These credentials may not call ${action}; "verified doctor --policy" prints what they need.`;
  }
  // The name alone: a message may contain anything.
  return `AWS answered ${name || 'something unexpected'} in ${region}.`;
};

/** Names such as `ResourceNotFoundException`, `NoSuchBucket` and `NotFoundException`. */
const GONE = /NotFound|NoSuch/;

/** Reads one fact; a failure is a reading too. */
export const reading = async <Fact>(region: string, read: () => Promise<Fact>): Promise<Reading<Fact>> => {
  try {
    return { isRead: true, value: await read() };
  } catch (error) {
    const { name } = failureOf(error);
    if (GONE.test(name)) return { isRead: false, isGone: true, reason: `AWS answers ${name} in ${region}.` };
    return { isRead: false, isGone: false, reason: explain(error, region) };
  }
};

/** The fact that others are read by. @throws Unread with its reason */
export const factOf = <Fact>(read: Reading<Fact>): Fact => {
  if (read.isRead) return read.value;
  throw new Unread(read.reason);
};

/** Every page of a list, from the first. */
export const allPages = async <Page>(
  read: (token: string | undefined) => Promise<Page>,
  nextOf: (page: Page) => string | undefined,
): Promise<readonly Page[]> => {
  const pages: Page[] = [];
  let token: string | undefined;
  do {
    const page = await read(token);
    pages.push(page);
    token = nextOf(page);
  } while (token !== undefined && token !== '');
  return pages;
};

/** The result of a call, or null where AWS says by one of these errors that there is none. */
export const orNull = async <Result>(call: Promise<Result>, ...names: readonly string[]): Promise<Result | null> => {
  try {
    return await call;
  } catch (error) {
    if (names.includes(failureOf(error).name)) return null;
    throw error;
  }
};
