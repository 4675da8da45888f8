import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { fromMilliseconds } from '../../contract/protocol/epoch-seconds.ts';
import { AuditStore } from '../adapters/dynamodb/accounts/audit-store.ts';
import { AccountItemStore } from '../adapters/dynamodb/accounts/operator-items.ts';
import type { AuditPorts } from '../core/accounts/audit.ts';
import { createLog } from '../http/log.ts';
import type { PortalEndpointPorts } from '../http/portal-endpoint.ts';

/** What every Lambda of the portal needs: operators, audit log, and the clock. */
export const operatorPorts = (
  serviceName: string,
  tables: DynamoDBDocumentClient,
  environment: {
    readonly ACCOUNT_ITEM_TABLE: string;
    readonly AUDIT_TABLE: string;
  },
): PortalEndpointPorts & AuditPorts => ({
  operators: new AccountItemStore(tables, { items: environment.ACCOUNT_ITEM_TABLE }),
  audit: new AuditStore(tables, environment.AUDIT_TABLE),
  clock: () => fromMilliseconds(Date.now()),
  log: createLog(serviceName),
});
