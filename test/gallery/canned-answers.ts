import { PORTAL_ROUTES } from '../../contract/api/routes.ts';
import { EVERY_ANSWER, samplesOf } from '../support/every-answer.ts';

/** The service's answers while a screen is shown. */
export type Answers = 'filled' | 'empty' | 'waiting' | 'failing' | 'no-account';

const SCHEMAS = new Map(EVERY_ANSWER);

const routeOf = (method: string, path: string): string | null => {
  const fits = (pattern: string): boolean => new RegExp(`^${pattern.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path);
  // A fixed path takes precedence over one with a parameter.
  const found = PORTAL_ROUTES.filter((route) => route.method === method && fits(route.path));
  return (found.find(({ path: exact }) => exact === path) ?? found[0])?.name ?? null;
};

/** Values for generated answers: names, numbers and times as an operator sees them. */
const BELIEVABLE: Readonly<Record<string, unknown>> = {
  email: 'olivia@example.com',
  name: 'Harbour Bank production',
  externalId: 'auth0|65f0c2a91b',
  supportId: 'ABCD-EFGH',
};
/** Names of members that hold a time, with that time. */
const TIMES = /(^at|At|Until|^since|Since|^hour)$/;
const A_TIME = 1_790_000_000;

const believableMember = (name: string, member: unknown): unknown => {
  if (typeof member === 'number' && TIMES.test(name)) return A_TIME;
  return typeof member === typeof BELIEVABLE[name] ? BELIEVABLE[name] : believable(member);
};

const believable = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(believable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, believableMember(name, member)]));
};

/** An answer of the service: its JSON, null if it has no body. */
export interface CannedAnswer {
  readonly status: number;
  readonly body: unknown;
}

const problem = (status: number, code: string): CannedAnswer => ({
  status,
  body: { type: 'about:blank', title: code, status, code, supportId: 'ABCD-EFGH' },
});

/** An answer as the contract declares it for the route, at its fullest or its emptiest. */
const sample = (name: string, isFilled: boolean): CannedAnswer => {
  const schema = SCHEMAS.get(name);
  if (schema === undefined) return { status: 204, body: null };
  const [full] = samplesOf(schema, isFilled);
  const answer = schema.safeParse(believable(full));
  return { status: 200, body: answer.success ? answer.data : full };
};

/** The answer to a call of the portal, generated from the contract. `role`: of the operator. */
export const cannedAnswer = (answers: Answers, role: string, method: string, path: string): CannedAnswer => {
  const name = routeOf(method, path);
  if (name === null) return problem(404, 'not-found');
  if (name === 'portalMe') {
    if (answers === 'no-account') return problem(403, 'no-account');
    const account = { accountId: 'acc_1', name: 'Harbour Bank' };
    return { status: 200, body: { operatorId: 'op_1', email: 'olivia@example.com', role, account } };
  }
  return answers === 'failing' ? problem(503, 'unavailable') : sample(name, answers !== 'empty');
};
