import * as z from 'zod';
import { createDocument, type ZodOpenApiOperationObject } from 'zod-openapi';
import packageJson from '../../package.json' with { type: 'json' };
import { InvitationRequest, UserQuery, UserStatus } from '../api/backend.ts';
import { CompleteRequest, CompleteResponse, StartLivenessRequest, StartLivenessResponse } from '../api/face-check.ts';
import { ConfirmCodeRequest, ConfirmCodeResponse, OfferHandoffRequest, OfferHandoffResponse } from '../api/handoff.ts';
import { AccountChange, AccountView } from '../api/portal/account.ts';
import { ApiKeyList, ApiKeyShownOnce, NewApiKey, RevokeApiKey } from '../api/portal/api-keys.ts';
import { ConnectionView } from '../api/portal/connection.ts';
import { ConsentPage, ConsentQuery, ConsentView } from '../api/portal/consents.ts';
import {
  DeleteIntegration,
  IntegrationChange,
  IntegrationList,
  IntegrationView,
  RotateSecret,
  ShownOnce,
} from '../api/portal/integrations.ts';
import { AuditPage, Me } from '../api/portal/operator.ts';
import {
  AcceptInvitation,
  ChangeRole,
  Invite,
  Invited,
  People,
  RemovePerson,
  RevokeInvitation,
} from '../api/portal/people.ts';
import { StatisticsPer, StatisticsView, TransactionPage, TransactionView } from '../api/portal/transactions.ts';
import {
  DeletionReceipt,
  EnrolmentInvitationView,
  InviteUser,
  ReferencePhoto,
  RequireEnrolment,
  UserPage,
  UserState,
  UserTarget,
  UserTargetWithReason,
  UserView,
} from '../api/portal/users.ts';
import {
  NewWebhook,
  RotateWebhookSecret,
  WebhookChange,
  WebhookList,
  WebhookSecretShownOnce,
  WebhookView,
} from '../api/portal/webhooks.ts';
import { ProblemDetails } from '../api/problem-details.ts';
import { PROBLEMS, type ProblemCode } from '../api/problems.ts';
import { ROUTES, type RouteName, SESSION_HANDLE_HEADER, SESSION_HANDLE_PATTERN } from '../api/routes.ts';
import { EndSessionRequest, ReleaseAttemptRequest, SessionView } from '../api/session.ts';
import { OUTCOMES } from '../protocol/outcomes.ts';
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
      problems: ['wrong-task', 'other-device', 'consent-required', 'attempt-superseded'],
    },
    complete: {
      summary: `Judges the try to ${task}; repeating it gives the same answer`,
      body: CompleteRequest,
      answer: { status: '200', description: 'Another try is left, or the sign-in is over', schema: Completed },
      problems: ['wrong-task', 'no-attempt', 'attempt-superseded'],
    },
  }) as const;

const ok = (description: string, schema: z.ZodType) => ({ status: '200', description, schema }) as const;
const OneIntegration = z.object({ integrationId: z.string().meta({ description: 'Integration Id' }) });
const OneWebhook = z.object({ webhookId: z.string().meta({ description: 'Id of the webhook' }) });
const Paging = z.object({
  cursor: z.string().max(512).optional(),
  limit: z
    .string()
    .regex(/^\d{1,4}$/)
    .optional()
    .meta({ description: '1 to 100; 25 unless told' }),
});

const TimeParameter = z
  .string()
  .regex(/^\d{10}$/)
  .optional()
  .meta({ description: 'Epoch seconds' });

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
  showHandoff: {
    summary: 'Asks whoever opens a link to another device whether the sign-in is theirs; changes nothing',
    path: z.object({ link: z.string().max(160).meta({ description: 'Works once, for minutes' }) }),
    answer: { status: '200', description: 'The page; 303 to the capture page where this browser opened it before' },
    problems: [],
  },
  openHandoff: {
    summary: 'Opens that link for this browser, or reports the sign-in; posted by the page’s own form',
    answer: { status: '303', description: 'To the capture page, with the device’s cookie' },
    problems: [],
  },
  offerHandoff: {
    summary: 'Makes a link by which another device may run the check',
    body: OfferHandoffRequest,
    answer: { status: '200', description: 'The link for a phone, or sent by e-mail', schema: OfferHandoffResponse },
    problems: ['session-finished', 'too-many-links', 'attempt-superseded'],
  },
  confirmCode: {
    summary: 'Takes the code of a check that passed on another device',
    body: ConfirmCodeRequest,
    answer: { status: '200', description: 'The sign-in is over, or another try is left', schema: ConfirmCodeResponse },
    problems: ['no-attempt', 'attempt-superseded'],
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
  portalMe: {
    summary: 'Who is signed in',
    answer: ok('The operator', Me),
    problems: [],
  },
  portalAudit: {
    summary: 'Acts of operators, newest first; pages of up to 1000',
    query: Paging.extend({
      from: TimeParameter,
      to: TimeParameter,
      act: z.string().max(64).optional(),
      email: z.string().max(256).optional(),
      integrationId: z.string().max(64).optional(),
      externalId: z.string().max(256).optional(),
    }),
    answer: ok('A page', AuditPage),
    problems: [],
  },
  portalAccount: {
    summary: 'The account, and what new integrations start with',
    answer: ok('The account', AccountView),
    problems: [],
  },
  portalEditAccount: {
    summary: 'Changes the name or the defaults of the account; integrations that stand keep theirs',
    body: AccountChange,
    answer: ok('As it is now', AccountView),
    problems: [],
  },
  portalPeople: {
    summary: 'Who may sign in, and the invitations that wait',
    answer: ok('All of them', People),
    problems: [],
  },
  portalInvite: {
    summary: 'Invites somebody by e-mail; the link works once, for a week, for the owner of the address',
    body: Invite,
    answer: ok('The invitation', Invited),
    problems: ['invalid-option', 'too-many-invitations'],
  },
  portalRevokeInvitation: {
    summary: 'Ends an invitation',
    body: RevokeInvitation,
    answer: { status: '204', description: 'Ended' },
    problems: [],
  },
  portalAcceptInvitation: {
    summary: 'Makes the person who is signed in a member; their verified address must be the invited one',
    body: AcceptInvitation,
    answer: { status: '204', description: 'Accepted' },
    problems: ['invitation-not-valid'],
  },
  portalChangeRole: {
    summary: 'Changes somebody’s role',
    body: ChangeRole,
    answer: ok('Everybody, as it is now', People),
    problems: ['last-owner', 'changed-meanwhile'],
  },
  portalRemovePerson: {
    summary: 'Takes somebody out of the account',
    body: RemovePerson,
    answer: { status: '204', description: 'Removed' },
    problems: ['last-owner', 'changed-meanwhile'],
  },
  portalLeave: {
    summary: 'Leaves the account',
    answer: { status: '204', description: 'Left' },
    problems: ['last-owner', 'changed-meanwhile'],
  },
  portalConnection: {
    summary: 'The last logins of Auth0 that reached the service, good and bad',
    path: OneIntegration,
    answer: ok('What was seen last', ConnectionView),
    problems: [],
  },
  portalIntegrations: {
    summary: 'Integrations of the account',
    answer: ok('All of them', IntegrationList),
    problems: [],
  },
  portalAddIntegration: {
    summary: 'Makes an integration; the Session Secret is in this answer and nowhere else',
    body: IntegrationChange,
    answer: ok('Id and secret', ShownOnce),
    problems: ['invalid-option'],
  },
  portalIntegration: {
    summary: 'One integration',
    path: OneIntegration,
    answer: ok('Options, and fingerprints of its secrets', IntegrationView),
    problems: [],
  },
  portalEditIntegration: {
    summary: 'Changes some options; the rest stays',
    path: OneIntegration,
    body: IntegrationChange,
    answer: ok('As it is now', IntegrationView),
    problems: ['invalid-option', 'changed-meanwhile'],
  },
  portalConsents: {
    summary: 'Every wording of the consent that there was, newest first',
    path: OneIntegration,
    query: Paging,
    answer: ok('A page', ConsentPage),
    problems: [],
  },
  portalConsent: {
    summary: 'The words of one version, by the name that a person’s consent carries',
    query: ConsentQuery,
    answer: ok('Name, hash and text', ConsentView),
    problems: [],
  },
  portalRotateSecret: {
    summary: 'Makes a new secret; the one before stays valid for the overlap',
    path: OneIntegration,
    body: RotateSecret,
    answer: ok('Id and new secret', ShownOnce),
    problems: ['changed-meanwhile'],
  },
  portalDeleteIntegration: {
    summary: 'Deletes an integration, whose name has to be typed',
    path: OneIntegration,
    body: DeleteIntegration,
    answer: { status: '204', description: 'Deleted' },
    problems: ['invalid-option'],
  },
  portalUsers: {
    summary: 'People of an integration, in the order of External IDs',
    path: OneIntegration,
    query: Paging.extend({ prefix: z.string().max(256).optional(), state: UserState.optional() }),
    answer: ok('A page', UserPage),
    problems: [],
  },
  portalUser: {
    summary: 'One person',
    query: UserTarget,
    answer: ok('Enrolment, failures and lock', UserView),
    problems: [],
  },
  portalUnlockUser: {
    summary: 'Ends a lock and forgets failures',
    body: UserTarget,
    answer: ok('As it is now', UserView),
    problems: [],
  },
  portalDisableUser: {
    summary: 'Shuts a person out; logins under way end too',
    body: UserTargetWithReason,
    answer: ok('As it is now', UserView),
    problems: ['changed-meanwhile'],
  },
  portalEnableUser: {
    summary: 'Lets a person in again',
    body: UserTargetWithReason,
    answer: ok('As it is now', UserView),
    problems: ['changed-meanwhile'],
  },
  portalRequireEnrolment: {
    summary:
      'Removes the reference face and lets a login enrol anew for some hours, within the rules of the integration',
    body: RequireEnrolment,
    answer: ok('As it is now', UserView),
    problems: ['changed-meanwhile'],
  },
  portalInviteUser: {
    summary:
      'Lets a person enrol with a login, once and for some hours, whatever the integration says of self-enrolment',
    body: InviteUser,
    answer: ok('As it is now', UserView),
    problems: ['already-enrolled', 'changed-meanwhile'],
  },
  portalUninviteUser: {
    summary: 'Ends an invitation to enrol',
    body: UserTarget,
    answer: ok('As it is now', UserView),
    problems: ['changed-meanwhile'],
  },
  portalUserPhoto: {
    summary: 'The reference face; the look is in the audit log before it is decrypted',
    body: UserTarget,
    answer: ok('The picture', ReferencePhoto),
    problems: [],
  },
  portalDeleteUser: {
    summary: 'Deletes a person with the face',
    body: UserTarget,
    answer: ok('What was removed, as looked up afterwards', DeletionReceipt),
    problems: ['changed-meanwhile'],
  },
  portalTransactions: {
    summary: 'Ended logins, newest first; the last 30 days unless told, pages of up to 1000',
    path: OneIntegration,
    query: Paging.extend({
      from: TimeParameter,
      to: TimeParameter,
      outcome: z.enum(OUTCOMES).optional(),
      mode: TransactionView.shape.mode.optional(),
      app: z.string().max(256).optional(),
      externalId: z.string().max(256).optional(),
      supportId: z.string().max(9).optional(),
    }),
    answer: ok('A page', TransactionPage),
    problems: [],
  },
  portalApiKeys: {
    summary: 'API keys of the account, newest first',
    answer: ok('All of them', ApiKeyList),
    problems: [],
  },
  portalAddApiKey: {
    summary: 'Makes an API key; it is in this answer and nowhere else',
    body: NewApiKey,
    answer: ok('The key', ApiKeyShownOnce),
    problems: ['too-many'],
  },
  portalRevokeApiKey: {
    summary: 'Ends an API key at once',
    body: RevokeApiKey,
    answer: { status: '204', description: 'Ended' },
    problems: [],
  },
  portalWebhooks: {
    summary: 'Webhooks of the account with their last attempts, newest first',
    answer: ok('All of them', WebhookList),
    problems: [],
  },
  portalAddWebhook: {
    summary: 'Makes a webhook; its secret is in this answer and nowhere else',
    body: NewWebhook,
    answer: ok('Id and secret', WebhookSecretShownOnce),
    problems: ['invalid-option', 'too-many'],
  },
  portalEditWebhook: {
    summary: 'Changes a webhook, or switches it; what is left out stays',
    path: OneWebhook,
    body: WebhookChange,
    answer: ok('As it is now', WebhookView),
    problems: ['invalid-option', 'changed-meanwhile'],
  },
  portalRotateWebhookSecret: {
    summary: 'Makes a new secret; the one before signs too until the overlap is over',
    path: OneWebhook,
    body: RotateWebhookSecret,
    answer: ok('Id and new secret', WebhookSecretShownOnce),
    problems: ['changed-meanwhile'],
  },
  portalTestWebhook: {
    summary: 'Has a test event sent within a minute',
    path: OneWebhook,
    answer: { status: '204', description: 'It will be sent' },
    problems: [],
  },
  portalDeleteWebhook: {
    summary: 'Deletes a webhook',
    path: OneWebhook,
    answer: { status: '204', description: 'Deleted' },
    problems: [],
  },
  userStatus: {
    summary: 'How a person stands; scope `users:read`',
    path: OneIntegration,
    query: UserQuery,
    answer: ok('A person who was never here is `not_enrolled`', UserStatus),
    problems: [],
  },
  deleteUser: {
    summary: 'Deletes a person with the face; scope `users:delete`',
    path: OneIntegration,
    query: UserQuery,
    answer: ok('What was removed', DeletionReceipt),
    problems: ['changed-meanwhile'],
  },
  inviteUser: {
    summary: 'Lets a person enrol with a login, once and for some hours; scope `invitations:create`',
    path: OneIntegration,
    body: InvitationRequest,
    answer: ok('Until when', EnrolmentInvitationView),
    problems: ['already-enrolled', 'changed-meanwhile'],
  },
  portalStatistics: {
    summary: 'Ended logins in figures; the last 30 days unless told, at most 93 days or 192 hours',
    path: OneIntegration,
    query: z.object({ from: TimeParameter, to: TimeParameter, per: StatisticsPer.optional() }),
    answer: ok('Buckets and total', StatisticsView),
    problems: [],
  },
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

const operation = (name: RouteName, kind: Kind): ZodOpenApiOperationObject => {
  const { summary, query, path, body, answer, problems } = DESCRIPTIONS[name];
  const header = z.object({ [SESSION_HANDLE_HEADER]: z.string().regex(SESSION_HANDLE_PATTERN) });
  return {
    operationId: name,
    summary,
    security: [...SECURITY[kind]],
    requestParams: {
      ...(query === undefined ? {} : { query }),
      ...(path === undefined ? {} : { path }),
      ...(kind === 'page' ? { header } : {}),
    },
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    responses: {
      [answer.status]: {
        description: answer.description,
        ...(answer.schema === undefined ? {} : { content: { 'application/json': { schema: answer.schema } } }),
      },
      ...FAILURES[kind](problems),
    },
  };
};

/** The OpenAPI 3.1 document of every route, made from the route table and the schemas that the service checks with. */
export const openApiDocument = () => {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const { name, method, path } of ROUTES) {
    paths[path] = { ...paths[path], [method.toLowerCase()]: operation(name, kindOf(path)) };
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Verified',
      version: packageJson.version,
      description:
        'The API of the capture page, whose only client is that page, of the portal, and of an organisation’s own backend.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: 'https://verify.example.com', description: 'Your deployment' }],
    paths,
    components: {
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
          description: 'API key of the portal, for an organisation’s own backend',
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
};
