import { isAlarmTopicGiven, propertyOf, resourcesOf } from '../declared.ts';
import { type Check, check, fault, listed, note, ok } from './check.ts';

const DAY_MS = 86_400_000;
/** Shortly after midnight, housekeeping has noted no more than the day before yesterday (drained-days.ts, job-store.ts). */
const LATE_DAYS = 2;

const daysBehind = (drainedThrough: string, today: string): number =>
  Math.round((Date.parse(today) - Date.parse(drainedThrough)) / DAY_MS);

const judgeWork = (drained: Readonly<Record<string, string | null>>, today: string) => {
  const queues = Object.entries(drained);
  const idle = queues.flatMap(([queue, day]) => (day === null ? [queue] : []));
  if (idle.length > 0) {
    return fault(
      `never done: ${listed(idle)}`,
      'Housekeeping has not ended a run: no notice is sent and no face is deleted in time.',
      'docs/runbook.md, "Housekeeping stopped".',
    );
  }
  const oldest = queues.map(([, day]) => day ?? today).sort()[0] ?? today;
  const late = queues.filter(([, day]) => day !== null && daysBehind(day, today) > LATE_DAYS).map(([queue]) => queue);
  if (late.length === 0) return ok(`nothing is left from ${oldest} or before`);
  return fault(
    `${listed(late)}: something is left from the day after ${oldest}`,
    `Jobs wait for at least ${daysBehind(oldest, today) - 1} days: notices, webhooks, or faces to be deleted.`,
    'docs/runbook.md, "Housekeeping stopped" and "Jobs abandoned".',
  );
};

export const OPERATIONS: readonly Check[] = [
  check('alarm-recipients', 'Someone has confirmed to receive the alarms', ['subscriptions', 'deployed'], (read) => {
    const { confirmed, pending } = read.subscriptions;
    const declared = resourcesOf(read.deployed, 'AWS::SNS::Subscription').length;
    if (pending > 0 || confirmed < declared) {
      return fault(
        `${confirmed} confirmed, ${Math.max(pending, declared - confirmed)} not`,
        'Alarms go off, and nobody hears of them.',
        'Confirm the e-mail of AWS Notifications; if it is lost, or someone unsubscribed, subscribe again in the SNS console.',
      );
    }
    if (isAlarmTopicGiven(read.deployed)) {
      return note('a topic of your own', 'Look there who receives its alarms: it is not part of the stage.');
    }
    if (confirmed > 0) return ok(`${confirmed} confirmed`);
    return note('nobody', 'alarmEmail is not set: alarms are seen in the console alone.');
  }),
  check('alarms-wired', 'Every alarm exists and notifies', ['alarms', 'deployed'], ({ alarms, deployed }) => {
    const declared = resourcesOf(deployed, 'AWS::CloudWatch::Alarm').map(({ physicalId }) => physicalId);
    const heard = new Set(alarms.filter(({ isHeard }) => isHeard).map(({ name }) => name));
    const mute = declared.filter((name) => !heard.has(name));
    if (mute.length === 0) return ok(`${declared.length} alarms`);
    return fault(
      `missing or mute: ${listed(mute)}`,
      'What they watch can fail unnoticed.',
      'aws cloudwatch enable-alarm-actions --alarm-names NAME; if the alarm is gone, deploy its stack after a change.',
    );
  }),
  check('alarms-quiet', 'No alarm is going off', ['alarms'], ({ alarms }) => {
    const loud = alarms.filter(({ state }) => state === 'ALARM').map(({ name }) => name);
    if (loud.length === 0) return ok(`${alarms.length} alarms`);
    return fault(
      listed(loud),
      'Something that users notice, or soon will, is happening.',
      'The description of the alarm links to its heading in docs/runbook.md.',
    );
  }),
  check('due-jobs', 'Housekeeping keeps up', ['drained', 'today'], ({ drained, today }) => judgeWork(drained, today)),
  check('log-retention', 'Logs are kept as long as was deployed', ['retentions', 'deployed'], (read) => {
    const groups = resourcesOf(read.deployed, 'AWS::Logs::LogGroup');
    const wrong = groups.filter(
      (group) => read.retentions[group.physicalId] !== (propertyOf(group, 'RetentionInDays') ?? null),
    );
    const days = groups.map((group) => propertyOf(group, 'RetentionInDays'));
    if (wrong.length === 0) return ok(`${groups.length} log groups, ${listed([...new Set(days.map(String))])} days`);
    const found = (name: string): string => {
      const kept = read.retentions[name];
      return kept === undefined ? 'missing' : kept === null ? 'forever' : `${kept} days`;
    };
    return fault(
      listed(wrong.map(({ physicalId }) => `${physicalId}: ${found(physicalId)}`)),
      'Logs are missing when they are needed, or stay longer than was promised.',
      'aws logs put-retention-policy --retention-in-days DAYS --log-group-name NAME',
    );
  }),
];
