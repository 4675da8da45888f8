import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { unavailable } from '../../../core/model/problem.ts';
import type { Attempt, Handoff, Session } from '../../../core/model/session.ts';
import type { Sessions } from '../../../core/model/sessions.ts';
import {
  abandonAttemptIn,
  claimAttemptIn,
  dropClaimIn,
  judgeAttemptIn,
  releaseAttemptIn,
  reserveIn,
  startAttemptIn,
} from './session-attempts.ts';
import { finishIn, handOverIn } from './session-end.ts';
import { parseSession, sessionKey } from './session-item.ts';
import { openIn } from './session-opening.ts';
import type { SessionTables } from './session-tables.ts';
import { sessionUpdate, write } from './session-update.ts';

/** Sessions: every change is one conditional write or one transaction with the user's row and the login record. */
export class SessionStore implements Sessions {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly open: Sessions['open'];
  readonly reserve: Sessions['reserve'];
  readonly startAttempt: Sessions['startAttempt'];
  readonly claimAttempt: Sessions['claimAttempt'];
  readonly dropClaim: Sessions['dropClaim'];
  readonly releaseAttempt: Sessions['releaseAttempt'];
  readonly abandonAttempt: Sessions['abandonAttempt'];
  readonly judgeAttempt: Sessions['judgeAttempt'];
  readonly finish: Sessions['finish'];
  readonly handOver: Sessions['handOver'];

  constructor(client: DynamoDBDocumentClient, tables: SessionTables) {
    this.#client = client;
    this.#table = tables.sessions;
    const place = { client, tables };
    this.open = openIn(place);
    this.reserve = reserveIn(place);
    this.startAttempt = startAttemptIn(place);
    this.claimAttempt = claimAttemptIn(place);
    this.dropClaim = dropClaimIn(place);
    this.releaseAttempt = releaseAttemptIn(place);
    this.abandonAttempt = abandonAttemptIn(place);
    this.judgeAttempt = judgeAttemptIn(place);
    this.finish = finishIn(place);
    this.handOver = handOverIn(place);
  }

  async read(integrationId: string, jti: string): Promise<Session | null> {
    const Key = sessionKey({ integrationId, jti });
    const { Item } = await this.#client
      .send(new GetCommand({ TableName: this.#table, Key, ConsistentRead: true }))
      .catch(unavailable('DynamoDB GetItem'));
    return Item === undefined ? null : parseSession(Item);
  }

  changeHandoff(session: Session, handoff: Handoff | null, attempt?: Attempt): Promise<boolean> {
    const seen = session.handoff?.step;
    const update = sessionUpdate(this.#table, session, {
      set: { handoff, ...(attempt === undefined ? {} : { attempt }) },
      remove: handoff === null ? ['handoff'] : [],
      condition: seen === undefined ? 'attribute_not_exists(handoff)' : 'handoff.step = :seenStep',
      ...(seen === undefined ? {} : { values: { ':seenStep': seen } }),
    });
    return write(this.#client, update);
  }
}
