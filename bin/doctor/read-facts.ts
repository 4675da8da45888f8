import type { ClientsIn } from './clients.ts';
import { GLOBAL_REGION } from './clients.ts';
import { livenessRegionOf, rekognitionRegionsOf } from './declared.ts';
import type { Deployed, Facts, Reading, Target } from './facts.ts';
import { readAlarms, readRetentions, readSubscriptions } from './readers/read-alarms.ts';
import { readBuckets } from './readers/read-buckets.ts';
import { readCaller } from './readers/read-caller.ts';
import { readCertificate } from './readers/read-certificate.ts';
import { readEdge } from './readers/read-edge.ts';
import { readKeys } from './readers/read-keys.ts';
import { readMail } from './readers/read-mail.ts';
import { readPool } from './readers/read-pool.ts';
import { readConcurrency, readQuotas } from './readers/read-quotas.ts';
import { readRekognition } from './readers/read-rekognition.ts';
import { readStacks } from './readers/read-stacks.ts';
import { readDrained, readTables } from './readers/read-tables.ts';
import { factOf, reading, Unread } from './reading.ts';

/** The stacks by which everything else is found. @throws Unread where there are none */
const foundOf = (read: Reading<Deployed>, { stage, region }: Target): Deployed => {
  const deployed = factOf(read);
  if (deployed.stacks.length > 0) return deployed;
  throw new Unread(`There is no stack of stage ${stage} in ${region}.`);
};

/** Reads everything that the checks judge. What cannot be read is a reading that says why; nothing is ever changed. */
export const readFacts = async (clientsIn: ClientsIn, target: Target, clockMs: () => number): Promise<Facts> => {
  const { stage, region } = target;
  const home = clientsIn(region);
  const [caller, stacks] = await Promise.all([
    reading(region, () => readCaller(home)),
    reading(region, () => readStacks(clientsIn, target)),
  ]);
  const deployed = await reading(region, async () => foundOf(stacks, target));
  const of = <Fact>(read: (found: Deployed) => Promise<Fact>, where = region): Promise<Reading<Fact>> =>
    reading(where, async () => read(factOf(deployed)));
  const forFaces = (found: Deployed) => clientsIn(livenessRegionOf(found));
  const pool = (found: Deployed) => readPool(home, found, { stage, account: factOf(caller).account });
  const [rekognition, quotas, concurrency, edge, tables, keys, buckets] = await Promise.all([
    of((found) => Promise.all(rekognitionRegionsOf(found).map((where) => readRekognition(clientsIn(where))))),
    of((found) => readQuotas(forFaces(found))),
    of((found) => readConcurrency(home, found)),
    of((found) => readEdge(clientsIn(GLOBAL_REGION), found), GLOBAL_REGION),
    of((found) => readTables(home, found)),
    of((found) => readKeys(clientsIn, found)),
    of((found) => readBuckets(home, found)),
  ]);
  const [certificate, mail, pools, alarms, subscriptions, drained, retentions] = await Promise.all([
    of((found) => readCertificate(clientsIn(GLOBAL_REGION), found), GLOBAL_REGION),
    of((found) => readMail(home, found)),
    of(pool),
    of((found) => readAlarms(clientsIn, found)),
    of((found) => readSubscriptions(clientsIn, found)),
    of((found) => readDrained(home, found)),
    of((found) => readRetentions(clientsIn, found)),
  ]);
  const today = { isRead: true, value: new Date(clockMs()).toISOString().slice(0, 10) } as const;
  const first = { caller, stacks, deployed, rekognition, quotas, concurrency, edge, tables, keys, buckets };
  return { ...first, certificate, mail, pool: pools, alarms, subscriptions, drained, retentions, today };
};
