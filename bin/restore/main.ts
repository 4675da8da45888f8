import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { TABLES } from '../../lambdas/tables.ts';
import { restoreRows, type TableVariable } from './restore-rows.ts';

const Options = z.object({
  table: z.enum(Object.keys(TABLES) as [TableVariable, ...TableVariable[]]),
  from: z.string().min(3),
  to: z.string().min(3),
  faces: z.string().min(3),
});

// `npm run restore -- --table USER_TABLE --from RESTORED --to LIVE --faces BUCKET`: docs/deploy.md, "Back up and restore".
const { values } = parseArgs({
  options: { table: { type: 'string' }, from: { type: 'string' }, to: { type: 'string' }, faces: { type: 'string' } },
});
const options = Options.safeParse(values);
if (options.success) {
  const { faces, ...task } = options.data;
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));
  const counts = await restoreRows({ documents, faces: { client: new S3Client({}), bucket: faces } }, task);
  console.log(`${task.table}: ${counts.copied} rows restored, ${counts.stoodAlready} were there already,`);
  console.log(`${counts.withoutFace} users left out because their face was deleted since.`);
} else {
  for (const { path, message } of options.error.issues) console.error(`--${path.join('.')}: ${message}`);
  process.exitCode = 1;
}
