import type { DynamoDBDocumentClient, QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { addSeconds } from '../../../../contract/protocol/epoch-seconds.ts';
import type { FaceObjectJob } from '../../../core/model/job.ts';
import type { Slice } from '../../../core/model/page.ts';
import { MAX_STARTS } from '../../../core/model/paid-starts.ts';
import { Problem } from '../../../core/model/problem.ts';
import type { Disablement, EnrollmentInvitation, Reenrollment, User } from '../../../core/model/user.ts';
import type { EventJob } from '../../../core/model/webhook.ts';
import type { PortalUsers, UserListing } from '../../../core/users/list-users.ts';
import type { UserAdministration } from '../../../core/users/manage-users.ts';
import { jobPut } from '../jobs/job-store.ts';
import { batchGet } from '../table/batch-get.ts';
import { queryPage } from '../table/query-page.ts';
import { type TransactItems, transact } from '../table/transact.ts';
import { listedAs } from './user-changes.ts';
import { parseUser, STORED_REENROLLMENT } from './user-item.ts';
import { UserStore } from './user-store.ts';

/** Longer than any login lives; then nothing can finish against the row, and it goes by itself. */
const ERASED_KEPT_SECONDS = 86_400;
/** Of a listing that keeps few of its rows. */
const ROWS_LOOKED_THROUGH = 1000;
/** How long an operator can still see that an invitation ended unused. */
const INVITED_KEPT_SECONDS = 30 * 86_400;

type Change = Pick<NonNullable<TransactItems[number]['Update']>, 'UpdateExpression' | 'ExpressionAttributeValues'>;

const listedNow = (user: User): string =>
  listedAs(user.integrationId, user.reference === null ? 'not_enrolled' : 'enrolled');

/** Which rows, in which order, and how a place in that order is written. */
const orderOf = (integrationId: string, listing: UserListing) => {
  const byExternalId = {
    placeOf: (row: Record<string, unknown>) => String(row['externalId']),
    keyOf: (place: string) => ({ integrationId, externalId: place }),
  };
  const prefix = listing.prefix === '' ? null : { ':prefix': listing.prefix };
  const andPrefix = prefix === null ? '' : ' AND begins_with(externalId, :prefix)';
  switch (listing.of) {
    case 'all':
      return {
        query: {
          KeyConditionExpression: `integrationId = :integration${andPrefix}`,
          ExpressionAttributeValues: { ':integration': integrationId, ...prefix },
        },
        ...byExternalId,
      };
    case 'state': {
      const listed = listedAs(integrationId, listing.state);
      return {
        query: {
          IndexName: 'byState',
          KeyConditionExpression: `listedAs = :listed${andPrefix}`,
          ExpressionAttributeValues: { ':listed': listed, ...prefix },
        },
        placeOf: byExternalId.placeOf,
        keyOf: (place: string) => ({ integrationId, externalId: place, listedAs: listed }),
      };
    }
    case 'starts-spent':
      return {
        query: {
          KeyConditionExpression: `integrationId = :integration${andPrefix}`,
          FilterExpression:
            'starts >= :most AND startsSince > :startsSince AND (attribute_not_exists(failingIn) OR lastAttemptAt <= :failedSince)',
          ExpressionAttributeValues: {
            ':integration': integrationId,
            ':most': MAX_STARTS,
            ':startsSince': listing.startsSince,
            ':failedSince': listing.failedSince,
            ...prefix,
          },
        },
        ...byExternalId,
      };
    case 'failed-since':
      return {
        query: {
          IndexName: 'byFailure',
          KeyConditionExpression: 'failingIn = :integration AND lastAttemptAt > :since',
          ...(prefix === null ? {} : { FilterExpression: 'begins_with(externalId, :prefix)' }),
          ExpressionAttributeValues: { ':integration': integrationId, ':since': listing.since, ...prefix },
          ScanIndexForward: false,
        },
        placeOf: (row: Record<string, unknown>) => `${row['lastAttemptAt']}#${row['externalId']}`,
        keyOf: (place: string) => {
          const [, seconds, externalId] = /^(\d{10})#(.+)$/s.exec(place) ?? [];
          if (seconds === undefined) throw new Problem('invalid-request', 'query cursor');
          return { integrationId, failingIn: integrationId, lastAttemptAt: Number(seconds), externalId };
        },
      };
  }
};

/** People, for those who manage them. */
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

  async slice(
    integrationId: string,
    listing: UserListing,
    { after, want }: { readonly after: string | null; readonly want: number },
  ): Promise<Slice<User>> {
    const order = orderOf(integrationId, listing);
    const query: QueryCommandInput = {
      TableName: this.#table,
      ...order.query,
      Limit: listing.of === 'starts-spent' ? ROWS_LOOKED_THROUGH : want,
      ...(after === null ? {} : { ExclusiveStartKey: order.keyOf(after) }),
    };
    const { Items = [], LastEvaluatedKey } = await queryPage(this.#client, query);
    const rows = query.IndexName === undefined ? Items : await this.#rowsInOrder(integrationId, Items);
    return {
      // The place is that of the index, where the row may have moved on since.
      rows: rows.flatMap((row, index) =>
        row === undefined ? [] : [{ row: parseUser(row), place: order.placeOf(Items[index] ?? row) }],
      ),
      after: LastEvaluatedKey === undefined ? null : order.placeOf(LastEvaluatedKey),
    };
  }

  async clearFailures(user: User, event: EventJob | null): Promise<boolean> {
    const { integrationId, externalId, failures, lastAttemptAt } = user;
    // A row may lack what counts as none.
    const sameCount = failures === 0 ? '(attribute_not_exists(failures) OR failures = :seen)' : 'failures = :seen';
    const sameTry = lastAttemptAt === null ? 'attribute_not_exists(lastAttemptAt)' : 'lastAttemptAt = :lastAttemptAt';
    const refusal = await transact(this.#client, [
      {
        Update: {
          TableName: this.#table,
          Key: { integrationId, externalId },
          UpdateExpression:
            'SET failures = :none, guesses = :none REMOVE failingIn, series, starts, startsSince, lastStartAt',
          ConditionExpression: `attribute_exists(externalId) AND ${sameCount} AND ${sameTry}`,
          ExpressionAttributeValues: {
            ':none': 0,
            ':seen': failures,
            ...(lastAttemptAt === null ? {} : { ':lastAttemptAt': lastAttemptAt }),
          },
        },
      },
      ...this.#told(event),
    ]);
    return refusal === null;
  }

  setDisabled(user: User, disabled: Disablement | null, event: EventJob | null): Promise<boolean> {
    const shutOut = { ':disabled': disabled, ':listed': listedAs(user.integrationId, 'disabled') };
    return this.#change(
      user,
      disabled === null
        ? {
            UpdateExpression: 'SET listedAs = :listed REMOVE disabled',
            ExpressionAttributeValues: { ':listed': listedNow(user) },
          }
        : {
            UpdateExpression: 'SET disabled = :disabled, listedAs = :listed REMOVE removeAt',
            ExpressionAttributeValues: shutOut,
          },
      this.#told(event),
    );
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
      [...(face === null ? [] : [jobPut(this.#jobs, face, reenrollment.askedAt)]), ...this.#told(event)],
    );
  }

  invite(user: User, invitation: EnrollmentInvitation): Promise<boolean> {
    const { integrationId, disabled, version } = user;
    // Nothing else says anything of the person: the row goes by itself some time after the invitation.
    const isBare = user.lastAttemptAt === null && user.reference === null && user.reenrollment === null;
    const goes = isBare && disabled === null;
    return this.#change(
      user,
      {
        UpdateExpression: `SET version = :next, invitation = :invitation, listedAs = :listed${goes ? ', removeAt = :removeAt' : ' REMOVE removeAt'}`,
        ExpressionAttributeValues: {
          ':next': version + 1,
          ':invitation': invitation,
          ':listed': listedAs(integrationId, disabled === null ? 'not_enrolled' : 'disabled'),
          ...(goes ? { ':removeAt': addSeconds(invitation.endsAt, INVITED_KEPT_SECONDS) } : {}),
        },
      },
      [],
      'maybe new',
    );
  }

  erase(user: User, face: FaceObjectJob | null, event: EventJob): Promise<boolean> {
    const personal = `#reference, consent, lastAttemptAt, series, starts, startsSince, lastStartAt, lastVerifiedAt, purgeAt, failingIn, ${STORED_REENROLLMENT}, reenrollment, invitation`;
    const isShutOut = user.disabled !== null;
    return this.#change(
      user,
      {
        UpdateExpression: `SET version = :next, failures = :none, guesses = :none${isShutOut ? '' : ', removeAt = :removeAt'} REMOVE ${personal}${isShutOut ? '' : ', listedAs'}`,
        ExpressionAttributeValues: {
          ':next': user.version + 1,
          ':none': 0,
          ...(isShutOut ? {} : { ':removeAt': addSeconds(event.at, ERASED_KEPT_SECONDS) }),
        },
      },
      [...(face === null ? [] : [jobPut(this.#jobs, face, event.at)]), ...this.#told(event)],
    );
  }

  #told(event: EventJob | null): TransactItems {
    return event === null ? [] : [jobPut(this.#jobs, event, event.at)];
  }

  /** Changes the row if reference and shutting out still are what was seen, with what follows from it in one transaction. */
  async #change(user: User, change: Change, more: TransactItems, row?: 'maybe new'): Promise<boolean> {
    const { integrationId, externalId, version, disabled } = user;
    const isSeen =
      row === 'maybe new' && version === 0
        ? '(attribute_not_exists(version) OR version = :version)'
        : 'version = :version';
    const usesReference = change.UpdateExpression?.includes('#reference') === true;
    const refusal = await transact(this.#client, [
      {
        Update: {
          TableName: this.#table,
          Key: { integrationId, externalId },
          UpdateExpression: change.UpdateExpression,
          ConditionExpression: `${isSeen} AND ${disabled === null ? 'attribute_not_exists' : 'attribute_exists'}(disabled)`,
          ...(usesReference ? { ExpressionAttributeNames: { '#reference': 'reference' } } : {}),
          ExpressionAttributeValues: { ...change.ExpressionAttributeValues, ':version': version },
        },
      },
      ...more,
    ]);
    return refusal === null;
  }

  async #rowsInOrder(integrationId: string, keys: readonly Record<string, unknown>[]) {
    const rows = await batchGet(
      this.#client,
      this.#table,
      keys.map(({ externalId }) => ({ integrationId, externalId })),
      true,
    );
    const byId = new Map(rows.map((row) => [row['externalId'], row]));
    return keys.map(({ externalId }) => byId.get(externalId));
  }
}
