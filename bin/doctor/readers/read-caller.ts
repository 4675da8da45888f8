import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { Clients } from '../clients.ts';
import type { Caller } from '../facts.ts';

/** Whose credentials these are, without the name of the session. */
export const readCaller = async ({ sts }: Clients): Promise<Caller> => {
  const { Account: account = '', Arn = '' } = await sts.send(new GetCallerIdentityCommand({}));
  const [kind = '', name] = (Arn.split(':')[5] ?? '').split('/');
  return { account, principal: kind === 'assumed-role' ? `role ${name}` : kind };
};
