import * as z from 'zod';
import { createDocument, type ZodOpenApiOperationObject } from 'zod-openapi';
import packageJson from '../../package.json' with { type: 'json' };
import { ProblemDetails } from '../api/problem-details.ts';
import { PROBLEMS, type ProblemCode } from '../api/problems.ts';
import { SESSION_HANDLE_HEADER, SESSION_HANDLE_PATTERN } from '../api/session-handle.ts';
import { componentSchemas, onlyReferenced, withPlainNames } from './components.ts';
import { DOCUMENTED_ROUTES, type DocumentedRoute } from './documented-routes.ts';

const EVERY_CALL: readonly ProblemCode[] = [
  'invalid-request',
  'session-not-found',
  'forbidden-origin',
  'unavailable',
  'internal-error',
];

const EVERY_PORTAL_CALL: readonly ProblemCode[] = [
  'invalid-request',
  'not-signed-in',
  'sign-in-time-unknown',
  'no-account',
  'role-not-allowed',
  'reauthentication-required',
  'not-found',
  'unavailable',
  'internal-error',
];

const EVERY_BACKEND_CALL: readonly ProblemCode[] = [
  'invalid-request',
  'key-not-accepted',
  'too-many-requests',
  'scope-not-allowed',
  'not-found',
  'unavailable',
  'internal-error',
];

const groupByStatus = (codes: readonly ProblemCode[]): ReadonlyMap<number, readonly ProblemCode[]> => {
  const groups = new Map<number, ProblemCode[]>();
  for (const code of codes) groups.set(PROBLEMS[code].status, [...(groups.get(PROBLEMS[code].status) ?? []), code]);
  return groups;
};

/** Several problems share a status: each status lists its possible codes. */
const problemResponses = (codes: readonly ProblemCode[]) => {
  return Object.fromEntries(
    [...groupByStatus(codes)].map(([status, members]) => [
      String(status),
      {
        description: members.map((code) => `\`${code}\`: ${PROBLEMS[code].title}`).join('. '),
        content: { 'application/problem+json': { schema: ProblemDetails } },
      },
    ]),
  );
};

/** Who may call a route, and how it fails. */
type Kind = 'navigation' | 'page' | 'portal' | 'backend';

const kindOf = (path: string): Kind => {
  if (path.startsWith('/api/portal/')) return 'portal';
  if (path.startsWith('/api/v1/')) return 'backend';
  return path.startsWith('/api/') ? 'page' : 'navigation';
};

const FAILURES: Readonly<Record<Kind, (problems: readonly ProblemCode[]) => ZodOpenApiOperationObject['responses']>> = {
  navigation: () => ({ '4XX': { description: 'A page that says what to do' } }),
  page: (problems) => problemResponses([...EVERY_CALL, ...problems]),
  portal: (problems) => problemResponses([...EVERY_PORTAL_CALL, ...problems]),
  backend: (problems) => problemResponses([...EVERY_BACKEND_CALL, ...problems]),
};
const SECURITY: Readonly<Record<Kind, readonly Record<string, string[]>[]>> = {
  navigation: [],
  page: [{ session: [] }],
  portal: [{ operator: [] }],
  backend: [{ apiKey: [] }],
};

const requestBody = (mediaType: string, schema: z.ZodType | undefined) =>
  schema === undefined ? {} : { requestBody: { required: true, content: { [mediaType]: { schema } } } };

const operation = (route: DocumentedRoute): ZodOpenApiOperationObject => {
  const { name, path, summary, isDeprecated, parameters, body, form, answers, problems } = route;
  const kind = kindOf(path);
  const header = z.object({ [SESSION_HANDLE_HEADER]: z.string().regex(SESSION_HANDLE_PATTERN) });
  return {
    operationId: name,
    summary,
    ...(isDeprecated ? { deprecated: true } : {}),
    security: [...SECURITY[kind]],
    // Client generators keep this order of parameters: first what is requested, then how.
    requestParams: { ...parameters, ...(kind === 'page' ? { header } : {}) },
    ...requestBody('application/json', body),
    ...requestBody('application/x-www-form-urlencoded', form),
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([status, { description, schema }]) => [
          status,
          { description, ...(schema === undefined ? {} : { content: { 'application/json': { schema } } }) },
        ]),
      ),
      ...FAILURES[kind](body === undefined ? problems : ['body-too-large', ...problems]),
    },
  };
};

/** The OpenAPI 3.1 document of every route, built from the route table and the schemas that the service validates with. */
export const openApiDocument = () => {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const route of DOCUMENTED_ROUTES) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(route) };
  }
  const document = createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Verified',
      version: packageJson.version,
      description:
        'The API of the capture page, whose only client is that page, of the portal, and of an organization’s own backend.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: 'https://verify.example.com', description: 'Your deployment' }],
    paths,
    components: {
      schemas: componentSchemas(),
      securitySchemes: {
        operator: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'ID token of the portal’s issuer',
        },
        apiKey: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'vfd_live_…',
          description: 'API key of the portal, for an organization’s own backend',
        },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: '__Host-verified-{handle}',
          description: `Secret of one sign-in; the header \`${SESSION_HANDLE_HEADER}\` says which cookie is meant`,
        },
      },
    },
  });
  const { components = {}, paths: documented } = document;
  const schemas = onlyReferenced({ documented }, components.schemas ?? {});
  return withPlainNames({ ...document, components: { ...components, schemas } });
};
