import { LIVENESS_REGIONS } from '../../../lib/regions.ts';
import { assumedSessions, functionsOf, livenessRegionOf, propertyOf } from '../declared.ts';
import { type Check, check, fault, listed, note, ok } from './check.ts';

/** What AWS always keeps unreserved (Lambda developer guide, "Configuring reserved concurrency"). */
const LEAST_UNRESERVED = 100;

export const CAPACITY: readonly Check[] = [
  check('rekognition', 'Rekognition answers in every region in which faces are judged', ['rekognition'], (read) => {
    const regions = read.rekognition.map(({ region }) => region);
    const absent = read.rekognition.filter(({ isThere }) => !isThere).map(({ region }) => region);
    if (regions.length > 0 && absent.length === 0) return ok(listed(regions));
    return fault(
      regions.length === 0 ? 'no function may call it' : `none in ${listed(absent)}`,
      'Every face check ends "unavailable".',
      'Deploy the stage with regions that have Rekognition (AWS general reference, Rekognition endpoints and quotas).',
    );
  }),
  check('face-liveness', 'Face Liveness exists in its region', ['deployed'], ({ deployed }) => {
    const region = livenessRegionOf(deployed);
    if (LIVENESS_REGIONS.some((known) => known === region)) return ok(region);
    return fault(
      `none in ${region}`,
      'No face check can begin there.',
      `Set livenessRegion to one of ${LIVENESS_REGIONS.join(', ')}, and deploy.`,
    );
  }),
  check(
    'liveness-quota',
    'The quota of concurrent liveness sessions is what the alarm assumes',
    ['quotas', 'deployed'],
    ({ quotas, deployed }) => {
      const { livenessSessions: quota, livenessRegion } = quotas;
      const assumed = assumedSessions(deployed);
      if (quota === null)
        return note('not listed', `Service Quotas lists no quota of liveness sessions in ${livenessRegion}.`);
      if (assumed === null) return note(`${quota}`, 'No deployed alarm says how many are expected.');
      if (quota >= assumed) return ok(`${quota} in ${livenessRegion}, ${assumed} assumed`);
      return fault(
        `${quota} in ${livenessRegion}, ${assumed} assumed`,
        'Face checks fail before the alarm "Rekognition headroom" goes off.',
        `Set livenessSessionsAtOnce to ${quota} and deploy, or ask for more in Service Quotas.`,
      );
    },
  ),
  check(
    'unreserved-concurrency',
    `At least ${LEAST_UNRESERVED} concurrent executions of Lambda are left unreserved`,
    ['concurrency'],
    ({ concurrency }) => {
      const { limit, unreserved } = concurrency;
      if (unreserved >= LEAST_UNRESERVED) return ok(`${unreserved} of ${limit}`);
      return fault(
        `${unreserved} of ${limit}`,
        'AWS refuses to reserve more, so a deployment with reserved concurrency rolls back; a small limit also throttles logins.',
        'Service Quotas → Lambda → Concurrent executions: ask for 1,000. Until then deploy without accountConcurrency.',
      );
    },
  ),
  check(
    'reserved-concurrency',
    'Each function has the concurrency that was deployed',
    ['concurrency', 'deployed'],
    ({ concurrency, deployed }) => {
      const functions = functionsOf(deployed);
      const declared = (fn: (typeof functions)[number]) => propertyOf(fn, 'ReservedConcurrentExecutions') ?? null;
      const changed = functions.filter((fn) => (concurrency.reserved[fn.physicalId] ?? null) !== declared(fn));
      if (changed.length > 0) {
        return fault(
          listed(changed.map(({ physicalId }) => `${physicalId}: ${concurrency.reserved[physicalId] ?? 'none'}`)),
          'It was changed by hand: 0 stops a function, and none takes from logins what they need.',
          'aws lambda put-function-concurrency --function-name NAME --reserved-concurrent-executions N, with the figure of lib/service-functions.ts; where none was deployed, aws lambda delete-function-concurrency --function-name NAME',
        );
      }
      const reserved = functions.filter((fn) => declared(fn) !== null).length;
      return ok(reserved === 0 ? 'none, as deployed' : `${reserved} of ${functions.length} functions`);
    },
  ),
];
