import * as z from 'zod';
import { EXTERNAL_ID_MAX_LENGTH, ExternalId, NewExternalId } from '../external-id.ts';
import { PAGE_ROWS, paging } from '../query.ts';
import { line, typedLine } from '../text.ts';

const Seconds = z.int().describe('epoch seconds');

export const UserState = z.enum(['enrolled', 'not_enrolled', 'locked', 'disabled']);
export type UserState = z.infer<typeof UserState>;

/** GET /api/portal/integrations/{integrationId}/users */
export const UserListQuery = paging(PAGE_ROWS).extend({
  prefix: line(EXTERNAL_ID_MAX_LENGTH).optional(),
  state: UserState.optional(),
});

export const UserSummary = z.strictObject({
  externalId: z.string(),
  state: UserState,
  enrolledAt: Seconds.nullable(),
  lastVerifiedAt: Seconds.nullable(),
  failures: z.int(),
  lockedUntil: Seconds.nullable(),
});
export type UserSummary = z.infer<typeof UserSummary>;

/** GET /api/portal/integrations/{integrationId}/users?prefix&state&cursor, in the order of External IDs. */
export const UserPage = z.strictObject({
  users: z.array(UserSummary),
  /** For the next page; null at the end. A page may be short, or empty, and still have a cursor. */
  cursor: z.string().nullable(),
});
export type UserPage = z.infer<typeof UserPage>;

/** A user who may enroll once, with a login until `endsAt`. */
export const EnrollmentInvitationView = z.strictObject({
  externalId: z.string(),
  at: Seconds,
  endsAt: Seconds,
  /** E-mail or id of the operator, or `key:{keyId}`. */
  by: z.string(),
});
export type EnrollmentInvitationView = z.infer<typeof EnrollmentInvitationView>;

const Reenrollment = z.strictObject({ askedAt: Seconds, until: Seconds });

/** GET /api/portal/user?integrationId&externalId: an External ID can contain characters that are not allowed in a path. */
export const UserView = UserSummary.extend({
  engine: z.string().nullable(),
  version: z.int(),
  /** What the user agreed to. */
  consent: z
    .strictObject({
      version: z.string(),
      textSha256: z.string(),
      locale: z.string(),
      at: Seconds,
      /** Whether `GET /api/portal/consent` returns the text of this version; false: the text there has another hash, or there is none. */
      isTextOnRecord: z.boolean(),
    })
    .nullable(),
  /** When the face is deleted unless it is used. */
  purgeAt: Seconds.nullable(),
  /** An operator disabled the user; users never see the reason. */
  disabled: z.strictObject({ at: Seconds, reason: z.string() }).nullable(),
  /** An operator required a new enrollment, which is possible until `until`. Missing only in answers of release 0.1. */
  reenrollment: Reenrollment.nullable().optional(),
  /** The same under its former name, which pages of release 0.1 read. */
  reenrolment: Reenrollment.nullable().meta({ deprecated: true }),
  /** The last invitation, also one that expired unused; null if there is none or the user enrolled with it. */
  invitation: EnrollmentInvitationView.omit({ externalId: true }).nullable(),
});
export type UserView = z.infer<typeof UserView>;
/** The required re-enrollment, whichever release answered. */
export const reenrollmentOf = ({ reenrollment, reenrolment }: UserView): UserView['reenrolment'] =>
  reenrollment === undefined ? reenrolment : reenrollment;

/** POST /api/portal/user/unlock, /uninvite, /photo and /delete */
export const UserTarget = z.strictObject({ integrationId: line(64), externalId: ExternalId });

/** How many hours an invitation is valid: 1 to 720, by default 168. */
export const InvitationHours = z
  .int()
  .min(1)
  .max(30 * 24)
  .default(168);

/** POST /api/portal/user/invite; the service need not know the user yet. */
export const InviteUser = UserTarget.extend({ externalId: NewExternalId, withinHours: InvitationHours });

/** One line for the audit log. */
export const Reason = typedLine(160, 3);

/** POST /api/portal/user/disable and /enable */
export const UserTargetWithReason = UserTarget.extend({ reason: Reason });

/** POST /api/portal/user/require-enrollment: how long a login may enroll again. */
export const RequireEnrollment = UserTargetWithReason.extend({
  withinHours: z
    .int()
    .min(1)
    .max(7 * 24)
    .default(24),
});

/** The one answer that holds a face. */
export const ReferencePhoto = z.strictObject({ enrolledAt: Seconds, jpegBase64: z.base64() });
export type ReferencePhoto = z.infer<typeof ReferencePhoto>;

/** What a deletion removed, as read back afterwards. Login records and the audit log stay; they contain no face. */
export const DeletionReceipt = z.strictObject({
  externalId: z.string(),
  deletedAt: Seconds,
  /** `none`: there was none. `pending`: unreadable because its key is deleted; the bytes are removed within minutes. */
  face: z.enum(['removed', 'none', 'pending']),
  /** False: there was none. */
  consentRemoved: z.boolean(),
  recordRemoved: z.boolean(),
  /** Whether the user stays disabled: deleting a face must not restore access. */
  disablementKept: z.boolean(),
});
export type DeletionReceipt = z.infer<typeof DeletionReceipt>;
