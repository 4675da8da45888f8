import { AuditEntry, currentAct } from '../../../../contract/api/portal/operator.ts';
import { epochSeconds } from '../../../../contract/protocol/epoch-seconds.ts';
import { auditEventEnd } from '../../../core/model/record-end.ts';
import { defineItem, objectOf } from '../table/define-item.ts';

const OUTCOME = '#outcome';

/** The row that says how an event ended directly follows the one that says it was attempted. */
const entryKey = ({ at, entryId, outcome }: AuditEntry): string =>
  `${at}#${entryId}${outcome === 'attempted' ? '' : OUTCOME}`;

/** The audit event that a row belongs to, as a place in the log. */
export const placeOfAct = (key: string): string => (key.endsWith(OUTCOME) ? key.slice(0, -OUTCOME.length) : key);

const auditItem = defineItem<AuditEntry>(() => {
  const { email, integrationId, externalId, detail, ...rest } = AuditEntry.shape;
  return objectOf<AuditEntry>()({
    ...rest,
    email: email.default(null),
    integrationId: integrationId.default(null),
    externalId: externalId.default(null),
    detail: detail.default(null),
  });
});

/**
 * An entry, with the current name of its action.
 * @throws ZodError if the row is not an entry
 */
export const parseEntry = (row: unknown): AuditEntry => {
  const entry = auditItem.read(row);
  return { ...entry, act: currentAct(entry.act) };
};

/** An entry's row, with its end. */
export const auditRow = (accountId: string, entry: AuditEntry) => ({
  accountId,
  entryKey: entryKey(entry),
  ...auditItem.write(entry),
  removeAt: auditEventEnd(epochSeconds(entry.at)),
});
