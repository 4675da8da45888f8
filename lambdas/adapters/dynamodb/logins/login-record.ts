import * as z from 'zod';
import { TransactionView } from '../../../../contract/api/portal/transactions.ts';
import { epochSeconds } from '../../../../contract/protocol/epoch-seconds.ts';
import type { Outcome } from '../../../../contract/protocol/outcomes.ts';
import type { LoginRecord } from '../../../core/model/login-record.ts';
import { loginRecordEnd } from '../../../core/model/record-end.ts';
import { defineItem, objectOf, present } from '../table/define-item.ts';
import { orNull } from '../table/item-members.ts';
import type { TransactItem } from '../table/transact.ts';

/** The keys of a record in the indexes. */
export const indexKeys = {
  person: (integrationId: string, externalId: string) => `${integrationId}#${externalId}`,
  support: (integrationId: string, supportId: string) => `${integrationId}#${supportId}`,
  outcome: (integrationId: string, outcome: Outcome) => `${integrationId}#${outcome}`,
} as const;

/** A record's id is the table's sort key. */
type StoredRecord = Omit<LoginRecord, 'transactionId'> & { readonly endedKey: string };

const recordItem = defineItem<StoredRecord>(
  () => {
    const { transactionId: _id, app, consentVersion, verdicts, ...view } = TransactionView.shape;
    const { livenessBand, similarityBand, ...verdict } = verdicts.element.shape;
    return objectOf<StoredRecord>()({
      ...view,
      endedKey: z.string(),
      integrationId: z.string(),
      jti: orNull(z.string()),
      purpose: z.string(),
      cid: z.string(),
      challenge: z.string(),
      app: app.default(null),
      consentVersion: consentVersion.default(null),
      verdicts: z.array(
        z.object({
          ...verdict,
          livenessBand: livenessBand.default(null),
          similarityBand: similarityBand.default(null),
        }),
      ),
    });
  },
  { verdicts: (verdicts) => verdicts.map(present) },
);

/** @throws ZodError if the row is not a record */
export const parseRecord = (row: unknown): LoginRecord => {
  const { endedKey: transactionId, ...record } = recordItem.read(row);
  return { transactionId, ...record };
};

/** A record's row, with its end. */
export const recordPut = (table: string, { transactionId, ...record }: LoginRecord): TransactItem => {
  const { integrationId, externalId, supportId, outcome } = record;
  return {
    Put: {
      TableName: table,
      Item: {
        ...recordItem.write({ ...record, endedKey: transactionId }),
        removeAt: loginRecordEnd(epochSeconds(record.finishedAt)),
        personKey: indexKeys.person(integrationId, externalId),
        supportKey: indexKeys.support(integrationId, supportId),
        outcomeKey: indexKeys.outcome(integrationId, outcome),
      },
      ConditionExpression: 'attribute_not_exists(endedKey)',
    },
  };
};
