import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { ProblemDetails } from '../../contract/api/problem-details.ts';
import type { HttpAnswer } from '../../lambdas/http/endpoint.ts';
import type { World } from './world.ts';

/** The problem in an answer; throws if there is none, or if it does not have the form of every problem. */
export const problemOf = (answer: HttpAnswer): ProblemDetails => {
  if (answer.headers?.['content-type'] !== 'application/problem+json') throw new Error(`no problem: ${answer.body}`);
  return ProblemDetails.parse(JSON.parse(answer.body ?? ''));
};

/** An answer with its support id blanked out, to compare what strangers may distinguish. */
export const withoutSupportId = ({ statusCode, headers, body }: HttpAnswer) => ({
  statusCode,
  headers,
  body: body?.replaceAll(/[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}/g, 'XXXX-XXXX'),
});

type TableVariable = keyof World['tables'];

/** All rows of a table, or those of one integration. */
export const rowsOf = async (world: World, table: TableVariable, integrationId?: string) => {
  const rows: Record<string, unknown>[] = [];
  let from: Record<string, unknown> | undefined;
  do {
    const page = await world.documents.send(
      new ScanCommand({ TableName: world.tables[table], ExclusiveStartKey: from, ConsistentRead: true }),
    );
    rows.push(...(page.Items ?? []));
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return rows.filter((row) => integrationId === undefined || row['integrationId'] === integrationId);
};

/** The names of all stored faces. */
export const storedFaces = async (world: World): Promise<readonly string[]> => {
  const names: string[] = [];
  let from: string | undefined;
  do {
    const page = await world.s3Client.send(new ListObjectsV2Command({ Bucket: 'faces', ContinuationToken: from }));
    names.push(...(page.Contents ?? []).map(({ Key }) => Key ?? ''));
    from = page.NextContinuationToken;
  } while (from !== undefined);
  return names;
};

/** A user's row, or undefined. */
export const userRow = async (world: World, integrationId: string, externalId: string) =>
  (await rowsOf(world, 'USER_TABLE', integrationId)).find((row) => row['externalId'] === externalId);

/** How often `work` called the engine. */
export const engineCalls = async (world: World, work: () => Promise<unknown>) => {
  const before = { ...world.faces.calls };
  await work();
  const { calls } = world.faces;
  return {
    createLiveness: calls.createLiveness - before.createLiveness,
    readLiveness: calls.readLiveness - before.readLiveness,
    countFaces: calls.countFaces - before.countFaces,
    compare: calls.compare - before.compare,
  };
};
