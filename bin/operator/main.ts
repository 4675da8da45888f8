import { parseArgs } from 'node:util';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { STSClient } from '@aws-sdk/client-sts';
import { z } from 'zod';
import { readStage } from '../../lib/stage-file.ts';
import { addOperator } from './add-operator.ts';
import { explainFailure } from './explain-failure.ts';

const USAGE = 'npm run operator -- --email OPERATOR [--stage STAGE] [--stages FOLDER]';
const Email = z.email('must be an e-mail address').max(128);

/** What to do, and where. @throws Error in words for the terminal */
const readRequest = () => {
  const text = { type: 'string' } as const;
  const { email: given, ...selection } = parseArgs({ options: { email: text, stage: text, stages: text } }).values;
  const email = Email.safeParse(given);
  if (!email.success) throw new Error(email.error.issues.map(({ message }) => `--email: ${message}`).join('\n'));
  const { stage, region, account } = readStage(selection);
  return { email: email.data, stage, region, account };
};

// The first operator of a stage, and any later one: docs/deploy.md, "The first operator".
const request = (() => {
  try {
    return readRequest();
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n${USAGE}`);
    process.exitCode = 1;
    return null;
  }
})();
if (request !== null) {
  const { region } = request;
  const clients = { sts: new STSClient({ region }), cognito: new CognitoIdentityProviderClient({ region }) };
  try {
    console.log(await addOperator(clients, request));
  } catch (error) {
    console.error(explainFailure(error, request));
    process.exitCode = 1;
  }
}
