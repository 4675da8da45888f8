import { parseArgs } from 'node:util';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { STSClient } from '@aws-sdk/client-sts';
import { z } from 'zod';
import { Region, StageName } from '../../lib/settings.ts';
import { addOperator } from './add-operator.ts';
import { explainFailure } from './explain-failure.ts';

const USAGE = 'npm run operator -- --email OPERATOR [--stage STAGE] [--region REGION]';
const Options = z.object({
  email: z.email('must be an e-mail address').max(128),
  stage: StageName,
  region: Region,
});

// The first operator of a stage, and any later one: docs/deploy.md, "The first operator".
const given = () => {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({ options: { email: text, stage: text, region: text } }).values;
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
};
const values = given();
const options = Options.safeParse(values);
if ('problem' in values) {
  console.error(`${values.problem}\n${USAGE}`);
  process.exitCode = 1;
} else if (options.success) {
  const { region } = options.data;
  const clients = { sts: new STSClient({ region }), cognito: new CognitoIdentityProviderClient({ region }) };
  try {
    console.log(await addOperator(clients, options.data));
  } catch (error) {
    console.error(explainFailure(error, options.data));
    process.exitCode = 1;
  }
} else {
  for (const { path, message } of options.error.issues) console.error(`--${path.join('.')}: ${message}`);
  console.error(USAGE);
  process.exitCode = 1;
}
