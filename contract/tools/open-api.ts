import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject } from 'zod-openapi';
import packageJson from '../../package.json' with { type: 'json' };
import { CompleteRequest, CompleteResponse, StartLivenessRequest, StartLivenessResponse } from '../api/face-check.ts';
import { PROBLEMS, type ProblemCode, ProblemDetails } from '../api/problems.ts';
import { ROUTES, type RouteName, SESSION_HANDLE_HEADER, SESSION_HANDLE_PATTERN } from '../api/routes.ts';
import { EndSessionRequest, ReleaseAttemptRequest, SessionView } from '../api/session.ts';
import { SESSION_TOKEN_MAX_LENGTH, STATE_MAX_LENGTH } from '../protocol/session-token.ts';

/** What a route is for, what it takes and what it answers; form and status, nothing that routes or schemas say already. */
interface RouteDescription {
  readonly summary: string;
  readonly query?: z.ZodObject;
  readonly path?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly answer: {
    readonly status: '200' | '204' | '303';
    readonly description: string;
    readonly schema?: z.ZodType;
  };
  /** Failures beside those that every call of its kind can have. */
  readonly problems: readonly ProblemCode[];
}

/** Named, so that the document says each once. */
const Problem = ProblemDetails.meta({ id: 'Problem' });
const Started = StartLivenessResponse.meta({ id: 'StartedLiveness' });
const Completed = CompleteResponse.meta({ id: 'CompletedCheck' });

const EVERY_CALL: readonly ProblemCode[] = [
  'invalid-request',
  'session-not-found',
  'forbidden-origin',
  'body-too-large',
  'unavailable',
  'internal-error',
];

const checkRoutes = (task: 'enrol' | 'verify') =>
  ({
    start: {
      summary: `Counts a try to ${task} and gives the browser one liveness session`,
      body: StartLivenessRequest,
      answer: { status: '200', description: 'Started, or the sign-in is over', schema: Started },
      problems: ['wrong-task', 'consent-required', 'attempt-superseded'],
    },
    complete: {
      summary: `Judges the try to ${task}; repeating it gives the same answer`,
      body: CompleteRequest,
      answer: { status: '200', description: 'Another try is left, or the sign-in is over', schema: Completed },
      problems: ['wrong-task', 'no-attempt', 'attempt-superseded'],
    },
  }) as const;

const DESCRIPTIONS: Readonly<Record<RouteName, RouteDescription>> = {
  openSession: {
    summary: 'Opens the capture session that a signed link of the Action asks for',
    path: z.object({ integrationId: z.string().meta({ description: 'Integration Id' }) }),
    query: z.object({
      session_token: z.string().max(SESSION_TOKEN_MAX_LENGTH).meta({ description: 'JWT of the Action; works once' }),
      state: z.string().max(STATE_MAX_LENGTH).meta({ description: 'Auth0’s state, given back unchanged' }),
    }),
    answer: { status: '303', description: 'To the capture page, with the session’s cookie' },
    problems: [],
  },
  returnToLogin: {
    summary: 'Hands the signed result over to Auth0, by a page whose form posts itself',
    path: z.object({ handle: z.string().regex(SESSION_HANDLE_PATTERN) }),
    answer: { status: '200', description: 'The page; 303 back to the capture page while the sign-in is open' },
    problems: [],
  },
  readSession: {
    summary: 'What the capture page shows',
    answer: { status: '200', description: 'The sign-in as the page may know it', schema: SessionView },
    problems: [],
  },
  endSession: {
    summary: 'Ends the sign-in without a face',
    body: EndSessionRequest,
    answer: { status: '204', description: 'Ended' },
    problems: ['session-finished'],
  },
  releaseAttempt: {
    summary: 'Gives a try back whose camera part ended before a face was judged',
    body: ReleaseAttemptRequest,
    answer: { status: '204', description: 'Given back, or there was nothing to give back' },
    problems: ['attempt-superseded'],
  },
  startEnrolLiveness: checkRoutes('enrol').start,
  completeEnrol: checkRoutes('enrol').complete,
  startVerifyLiveness: checkRoutes('verify').start,
  completeVerify: checkRoutes('verify').complete,
};

const groupByStatus = (codes: readonly ProblemCode[]): ReadonlyMap<number, readonly ProblemCode[]> => {
  const groups = new Map<number, ProblemCode[]>();
  for (const code of codes) groups.set(PROBLEMS[code].status, [...(groups.get(PROBLEMS[code].status) ?? []), code]);
  return groups;
};

/** Problems share few statuses: each status lists the codes that it can mean. */
const problemResponses = (codes: readonly ProblemCode[]) => {
  return Object.fromEntries(
    [...groupByStatus(codes)].map(([status, members]) => [
      String(status),
      {
        description: members.map((code) => `\`${code}\`: ${PROBLEMS[code].title}`).join('. '),
        content: { 'application/problem+json': { schema: Problem } },
      },
    ]),
  );
};

const operation = (name: RouteName, isCall: boolean): ZodOpenApiOperationObject => {
  const { summary, query, path, body, answer, problems } = DESCRIPTIONS[name];
  const header = z.object({ [SESSION_HANDLE_HEADER]: z.string().regex(SESSION_HANDLE_PATTERN) });
  return {
    operationId: name,
    summary,
    ...(isCall ? { security: [{ session: [] }] } : {}),
    requestParams: {
      ...(query === undefined ? {} : { query }),
      ...(path === undefined ? {} : { path }),
      ...(isCall ? { header } : {}),
    },
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    responses: {
      [answer.status]: {
        description: answer.description,
        ...(answer.schema === undefined ? {} : { content: { 'application/json': { schema: answer.schema } } }),
      },
      ...(isCall
        ? problemResponses([...EVERY_CALL, ...problems])
        : { '4XX': { description: 'A page that says what to do' } }),
    },
  };
};

/** The OpenAPI 3.1 document of every route, made from the route table and the schemas that the service checks with. */
export const openApiDocument = () => {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const { name, method, path } of ROUTES) {
    paths[path] = { ...paths[path], [method.toLowerCase()]: operation(name, path.startsWith('/api/')) };
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Verified',
      version: packageJson.version,
      description:
        'The capture page’s API. The page is the only client that is meant; it is documented to be reviewed.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: 'https://verify.example.com', description: 'Your deployment' }],
    paths,
    components: {
      securitySchemes: {
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: '__Host-verified-{handle}',
          description: `Secret of one sign-in; the header \`${SESSION_HANDLE_HEADER}\` says which cookie is meant`,
        },
      },
    },
  });
};
