import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { TABLES } from '../../lambdas/tables.ts';
import { readStage } from '../../lib/stage-file.ts';
import { explainAwsFailure } from '../aws-failure.ts';
import { restoreRows, type TableVariable } from './restore-rows.ts';

const Options = z.object({
  table: z.enum(Object.keys(TABLES) as [TableVariable, ...TableVariable[]]),
  from: z.string().min(3),
  to: z.string().min(3),
  faces: z.string().min(3),
});

/** What to do, and where. @throws Error in words for the terminal */
const readRequest = () => {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: { table: text, from: text, to: text, faces: text, stage: text, stages: text },
  });
  const { stage, stages, ...given } = values;
  const options = Options.safeParse(given);
  if (!options.success)
    throw new Error(options.error.issues.map(({ path, message }) => `--${path.join('.')}: ${message}`).join('\n'));
  const { faces, ...task } = options.data;
  return { task, faces, region: readStage({ stage, stages }).region };
};

/** @throws Error in words for the terminal, or the service's error */
const restore = async ({ task, faces, region }: ReturnType<typeof readRequest>) => {
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient({ region }));
  try {
    return await restoreRows({ documents, faces: { client: new S3Client({ region }), bucket: faces } }, task);
  } catch (error) {
    const explanation = explainAwsFailure(error, region);
    throw explanation === null ? error : new Error(explanation, { cause: error });
  }
};

// `npm run restore -- --stage prod --table USER_TABLE --from RESTORED --to LIVE --faces BUCKET`: docs/deploy.md, "Back up and restore".
try {
  const request = readRequest();
  const counts = await restore(request);
  console.log(`${request.task.table}: ${counts.copied} rows restored, ${counts.stoodAlready} were there already,`);
  console.log(`${counts.withoutFace} users left out because their face was deleted since.`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
