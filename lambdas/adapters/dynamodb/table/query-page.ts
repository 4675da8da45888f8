import { type DynamoDBDocumentClient, QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { Problem, unavailable } from '../../../core/model/problem.ts';

/**
 * One page of a query whose place came from outside. DynamoDB refuses a place that is outside the query, or malformed: that is the
 * caller's fault and not a failure of the service.
 * @throws Problem `invalid-request` for such a place, `unavailable`
 */
export const queryPage = async (client: Pick<DynamoDBDocumentClient, 'send'>, input: QueryCommandInput) => {
  try {
    return await client.send(new QueryCommand(input));
  } catch (cause) {
    const isPlace = input.ExclusiveStartKey !== undefined && (cause as Error).name === 'ValidationException';
    if (isPlace) throw new Problem('invalid-request', 'query cursor', { cause });
    return unavailable('DynamoDB Query')(cause);
  }
};
