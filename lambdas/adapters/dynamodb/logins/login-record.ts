import type { Outcome } from '../../../../contract/protocol/outcomes.ts';
import { orderedId } from '../../../core/model/ordered-id.ts';
import type { Session } from '../../../core/model/session.ts';
import { toItem } from '../table/to-item.ts';
import type { TransactItems } from '../table/transact.ts';

/** Where the indexes find a record. */
export const indexKeys = {
  person: (integrationId: string, externalId: string) => `${integrationId}#${externalId}`,
  support: (integrationId: string, supportId: string) => `${integrationId}#${supportId}`,
  outcome: (integrationId: string, outcome: Outcome) => `${integrationId}#${outcome}`,
} as const;

const keysOf = ({ integrationId, externalId, supportId, outcome }: Session) => ({
  personKey: indexKeys.person(integrationId, externalId),
  supportKey: indexKeys.support(integrationId, supportId),
  ...(outcome === null ? {} : { outcomeKey: indexKeys.outcome(integrationId, outcome) }),
});

/**
 * The lasting record of one ended login: who, where, how it went, in bands instead of scores. No image, no address, no
 * token, no cookie.
 */
export const transactionRecord = (table: string, session: Session): TransactItems[number] => ({
  Put: {
    TableName: table,
    Item: toItem({
      integrationId: session.integrationId,
      // Logins that end in one second keep the order in which they ended.
      endedKey: `${session.finishedAt}#${orderedId()}`,
      jti: session.jti,
      ...keysOf(session),
      externalId: session.externalId,
      outcome: session.outcome,
      task: session.task,
      mode: session.mode,
      purpose: session.purpose,
      cid: session.cid,
      app: session.app,
      domain: session.iss,
      supportId: session.supportId,
      challenge: session.challenge,
      otherNetwork: session.otherNetwork,
      consentVersion: session.consent?.version ?? null,
      openedAt: session.openedAt,
      finishedAt: session.finishedAt,
      attempts: session.attempt?.number ?? 0,
      verdicts: session.verdicts.map(toItem),
    }),
    ConditionExpression: 'attribute_not_exists(endedKey)',
  },
});
