import type { Webhook } from '../../../core/model/webhook.ts';
import { currentEventName, isRenamed, storedEventName } from '../table/stored-event-names.ts';

type Row = Readonly<Record<string, unknown>>;
type Named = Partial<Pick<Webhook, 'events' | 'attempts'>>;

/** The ids of attempts that were sent under the current name. */
const idsOfRenamed = (attempts: Webhook['attempts']) =>
  attempts.filter(({ type }) => isRenamed(type)).map(({ eventId }) => eventId);

/**
 * Members of a webhook as its row holds them. `renamedEvents` and `renamedAttempts` say what `events` and `attempts` cannot (see
 * `storedEventName`): which events are listed, and which attempts were sent, under the current name.
 */
export const namesAsStored = <Members extends Named>({ events, attempts, ...rest }: Members) => ({
  ...rest,
  ...(events === undefined
    ? {}
    : { events: [...new Set(events.map(storedEventName))], renamedEvents: events.filter(isRenamed) }),
  ...(attempts === undefined
    ? {}
    : {
        attempts: attempts.map((attempt) => ({ ...attempt, type: storedEventName(attempt.type) })),
        renamedAttempts: idsOfRenamed(attempts),
      }),
});

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** A row with the names that were listed and sent, before it is checked. One that the previous release wrote holds only those. */
export const namesAsRead = ({ renamedEvents, renamedAttempts, events, attempts, ...row }: Row): Row => {
  const [listed, sent] = [listOf(renamedEvents), listOf(renamedAttempts)];
  const nameOf = (stored: unknown) => (listed.includes(currentEventName(stored)) ? currentEventName(stored) : stored);
  const attemptOf = (attempt: Row) =>
    sent.includes(attempt['eventId']) ? { ...attempt, type: currentEventName(attempt['type']) } : attempt;
  return {
    ...row,
    events: Array.isArray(events) ? events.map(nameOf) : events,
    attempts: Array.isArray(attempts) ? attempts.map(attemptOf) : attempts,
  };
};
