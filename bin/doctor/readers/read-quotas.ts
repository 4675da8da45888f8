import { GetAccountSettingsCommand, GetFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { ListServiceQuotasCommand } from '@aws-sdk/client-service-quotas';
import type { Clients } from '../clients.ts';
import { functionsOf } from '../declared.ts';
import type { Concurrency, Deployed, Quotas } from '../facts.ts';
import { allPages } from '../reading.ts';

/** Quotas have no documented code, but the documented name says this (AWS general reference, Rekognition endpoints and quotas). */
const isSessionQuota = (name: string): boolean => /liveness/i.test(name) && /concurrent/i.test(name);

export const readQuotas = async ({ quotas, region }: Clients): Promise<Quotas> => {
  const pages = await allPages(
    (NextToken) => quotas.send(new ListServiceQuotasCommand({ ServiceCode: 'rekognition', NextToken })),
    (page) => page.NextToken,
  );
  const all = pages.flatMap(({ Quotas: some = [] }) => some);
  const found = all.find(({ QuotaName = '' }) => isSessionQuota(QuotaName));
  return { livenessSessions: found?.Value ?? null, livenessRegion: region };
};

/** Not the functions' configurations: their variables contain a secret. */
export const readConcurrency = async ({ lambda }: Clients, deployed: Deployed): Promise<Concurrency> => {
  const { AccountLimit } = await lambda.send(new GetAccountSettingsCommand({}));
  const reserved = await Promise.all(
    functionsOf(deployed).map(async ({ physicalId: FunctionName }) => {
      const concurrency = await lambda.send(new GetFunctionConcurrencyCommand({ FunctionName }));
      return [FunctionName, concurrency.ReservedConcurrentExecutions ?? null] as const;
    }),
  );
  return {
    limit: AccountLimit?.ConcurrentExecutions ?? 0,
    unreserved: AccountLimit?.UnreservedConcurrentExecutions ?? 0,
    reserved: Object.fromEntries(reserved),
  };
};
