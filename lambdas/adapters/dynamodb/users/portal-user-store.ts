import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { addSeconds, type EpochSeconds } from '../../../../contract/protocol/epoch-seconds.ts';
import type { FaceObjectJob } from '../../../core/model/job.ts';
import type { Slice } from '../../../core/model/page.ts';
import {
  type Disablement,
  type EnrollmentInvitation,
  INVITED_KEPT_SECONDS,
  type Reenrollment,
  type User,
} from '../../../core/model/user.ts';
import type { EventJob } from '../../../core/model/webhook.ts';
import { hasUserData, type PortalUsers, type UserListing } from '../../../core/users/list-users.ts';
import type { UserAdministration } from '../../../core/users/manage-users.ts';
import { jobPut } from '../jobs/job-store.ts';
import { type NamedItems, type TransactItem, transact } from '../table/transact.ts';
import { listedAs, PERSONAL, STORED_REENROLLMENT } from './user-item.ts';
import { sliceOfUsers } from './user-listing.ts';
import { UserStore } from './user-store.ts';

/** Longer than any login lives. Then nothing can finish against the row, and the TTL removes it. */
const ERASED_KEPT_SECONDS = 86_400;

type Change = Pick<NonNullable<TransactItem['Update']>, 'UpdateExpression' | 'ExpressionAttributeValues'>;

const listedNow = (user: User): string =>
  listedAs(user.integrationId, user.reference === null ? 'not_enrolled' : 'enrolled');

/** Users, as operators manage them. */
export class PortalUserStore extends UserStore implements PortalUsers, UserAdministration {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #jobs: string;

  constructor(client: DynamoDBDocumentClient, tables: { readonly users: string; readonly jobs: string }) {
    super(client, tables.users);
    this.#client = client;
    this.#table = tables.users;
    this.#jobs = tables.jobs;
  }

  slice(
    integrationId: string,
    listing: UserListing,
    from: { readonly after: string | null; readonly want: number },
  ): Promise<Slice<User>> {
    return sliceOfUsers(this.#client, this.#table, integrationId, listing, from);
  }

  async clearFailures(user: User, now: EpochSeconds, event: EventJob | null): Promise<boolean> {
    const { integrationId, externalId, version, failures, lastAttemptAt, starts, startsSince } = user;
    // A row may lack what counts as none.
    const sameCount = failures === 0 ? '(attribute_not_exists(failures) OR failures = :seen)' : 'failures = :seen';
    const sameTry = lastAttemptAt === null ? 'attribute_not_exists(lastAttemptAt)' : 'lastAttemptAt = :lastAttemptAt';
    // The row holds nothing else of the user: the TTL removes it, unless it is no longer the one that was seen.
    const isLastData = startsSince !== null && !hasUserData({ ...user, startsSince: null });
    const sameRow = isLastData
      ? ' AND version = :version AND starts = :starts AND startsSince = :since AND attribute_not_exists(disabled)'
      : '';
    const refusal = await transact(this.#client, {
      user: {
        Update: {
          TableName: this.#table,
          Key: { integrationId, externalId },
          UpdateExpression: `SET failures = :none, guesses = :none${isLastData ? ', removeAt = :removeAt' : ''} REMOVE failingIn, series, starts, startsSince, lastStartAt${isLastData ? ', listedAs' : ''}`,
          ConditionExpression: `attribute_exists(externalId) AND ${sameCount} AND ${sameTry}${sameRow}`,
          ExpressionAttributeValues: {
            ':none': 0,
            ':seen': failures,
            ...(lastAttemptAt === null ? {} : { ':lastAttemptAt': lastAttemptAt }),
            ...(isLastData
              ? {
                  ':removeAt': addSeconds(now, ERASED_KEPT_SECONDS),
                  ':version': version,
                  ':starts': starts,
                  ':since': startsSince,
                }
              : {}),
          },
        },
      },
      ...this.#eventPut(event),
    });
    return refusal === null;
  }

  setDisabled(user: User, disabled: Disablement | null, event: EventJob | null): Promise<boolean> {
    return this.#change(user, this.#disabling(user, disabled, event), this.#eventPut(event));
  }

  requireEnrollment(
    user: User,
    reenrollment: Reenrollment,
    face: FaceObjectJob | null,
    event: EventJob,
  ): Promise<boolean> {
    const { integrationId, disabled, version } = user;
    return this.#change(
      user,
      {
        UpdateExpression: `SET version = :next, ${STORED_REENROLLMENT} = :reenrollment, listedAs = :listed REMOVE #reference, consent, purgeAt, removeAt, reenrollment`,
        ExpressionAttributeValues: {
          ':next': version + 1,
          ':reenrollment': reenrollment,
          ':listed': listedAs(integrationId, disabled === null ? 'not_enrolled' : 'disabled'),
        },
      },
      { face: face === null ? null : jobPut(this.#jobs, face, reenrollment.askedAt), ...this.#eventPut(event) },
    );
  }

  invite(user: User, invitation: EnrollmentInvitation): Promise<boolean> {
    const { integrationId, disabled, version } = user;
    // The row holds nothing else of the user: the TTL removes it some time after the invitation.
    const isBare = user.lastAttemptAt === null && user.reference === null && user.reenrollment === null;
    const isTemporary = isBare && disabled === null;
    return this.#change(
      user,
      {
        UpdateExpression: `SET version = :next, invitation = :invitation, listedAs = :listed${isTemporary ? ', removeAt = :removeAt' : ' REMOVE removeAt'}`,
        ExpressionAttributeValues: {
          ':next': version + 1,
          ':invitation': invitation,
          ':listed': listedAs(integrationId, disabled === null ? 'not_enrolled' : 'disabled'),
          ...(isTemporary ? { ':removeAt': addSeconds(invitation.endsAt, INVITED_KEPT_SECONDS) } : {}),
        },
      },
      {},
      'maybe new',
    );
  }

  erase(user: User, face: FaceObjectJob | null, event: EventJob): Promise<boolean> {
    const isDisabled = user.disabled !== null;
    return this.#change(
      user,
      {
        UpdateExpression: `SET version = :next, failures = :none, guesses = :none${isDisabled ? '' : ', removeAt = :removeAt'} REMOVE ${PERSONAL}${isDisabled ? '' : ', listedAs'}`,
        ExpressionAttributeValues: {
          ':next': user.version + 1,
          ':none': 0,
          ...(isDisabled ? {} : { ':removeAt': addSeconds(event.at, ERASED_KEPT_SECONDS) }),
        },
      },
      { face: face === null ? null : jobPut(this.#jobs, face, event.at), ...this.#eventPut(event) },
    );
  }

  #disabling(user: User, disabled: Disablement | null, event: EventJob | null): Change {
    if (disabled !== null) {
      return {
        UpdateExpression: 'SET disabled = :disabled, listedAs = :listed REMOVE removeAt',
        ExpressionAttributeValues: { ':disabled': disabled, ':listed': listedAs(user.integrationId, 'disabled') },
      };
    }
    // The row of a deleted user is kept only as long as the user is disabled.
    if (event !== null && !hasUserData({ ...user, disabled: null })) {
      return {
        UpdateExpression: 'SET removeAt = :removeAt REMOVE disabled, listedAs',
        ExpressionAttributeValues: { ':removeAt': addSeconds(event.at, ERASED_KEPT_SECONDS) },
      };
    }
    return {
      UpdateExpression: 'SET listedAs = :listed REMOVE disabled',
      ExpressionAttributeValues: { ':listed': listedNow(user) },
    };
  }

  #eventPut(event: EventJob | null): NamedItems {
    return { event: event === null ? null : jobPut(this.#jobs, event, event.at) };
  }

  /** Changes the row if reference and disablement are still as seen, in one transaction with what belongs to the change. */
  async #change(user: User, change: Change, more: NamedItems, row?: 'maybe new'): Promise<boolean> {
    const { integrationId, externalId, version, disabled } = user;
    const isSeen =
      row === 'maybe new' && version === 0
        ? '(attribute_not_exists(version) OR version = :version)'
        : 'version = :version';
    const usesReference = change.UpdateExpression?.includes('#reference') === true;
    const refusal = await transact(this.#client, {
      user: {
        Update: {
          TableName: this.#table,
          Key: { integrationId, externalId },
          UpdateExpression: change.UpdateExpression,
          ConditionExpression: `${isSeen} AND ${disabled === null ? 'attribute_not_exists(disabled)' : 'disabled = :seenDisabled'}`,
          ...(usesReference ? { ExpressionAttributeNames: { '#reference': 'reference' } } : {}),
          ExpressionAttributeValues: {
            ...change.ExpressionAttributeValues,
            ':version': version,
            ...(disabled === null ? {} : { ':seenDisabled': disabled }),
          },
        },
      },
      ...more,
    });
    return refusal === null;
  }
}
