import * as z from 'zod';
import { ConnectionView } from '../../api/portal/connection.ts';
import { ConsentPage, ConsentQuery, ConsentView } from '../../api/portal/consents.ts';
import { IntegrationOptionsSchema } from '../../api/portal/integration-options.ts';
import {
  DeleteIntegration,
  IntegrationChange,
  IntegrationList,
  IntegrationView,
  NewIntegration,
  RotateSecret,
  ShownOnce,
} from '../../api/portal/integrations.ts';
import { ConsentListQuery, StatisticsQuery, TransactionListQuery } from '../../api/portal/queries.ts';
import { StatisticsView, TransactionPage } from '../../api/portal/transactions.ts';
import { OneIntegration, ok, type RouteDescription } from './route-description.ts';

/** An option that may be left out, of a group each member. It has no default: whoever fills that in sets back what was chosen. */
const changing = (option: z.core.$ZodType): z.ZodOptional => {
  const wanted = option instanceof z.ZodDefault ? option.unwrap() : option;
  return z.optional(wanted instanceof z.ZodObject ? someOf(wanted.shape) : wanted);
};

const someOf = (shape: Readonly<Record<string, z.core.$ZodType>>) =>
  z.strictObject(Object.fromEntries(Object.entries(shape).map(([name, option]) => [name, changing(option)])));

/** Options to change. */
const SomeOptions = someOf(IntegrationOptionsSchema.shape);

export const INTEGRATIONS_DESCRIPTIONS = {
  portalConnection: {
    summary: 'The last logins of Auth0 that reached the service, good and bad',
    path: OneIntegration,
    answer: ok('What was seen last', ConnectionView),
    problems: [],
  },
  portalIntegrations: {
    summary: 'Integrations of the account',
    answer: ok('All of them', IntegrationList),
    problems: [],
  },
  portalAddIntegration: {
    summary: 'Makes an integration; the Session Secret is in this answer and nowhere else',
    body: NewIntegration.extend({ options: IntegrationOptionsSchema }),
    answer: ok('Id and secret', ShownOnce),
    problems: ['invalid-option'],
  },
  portalIntegration: {
    summary: 'One integration',
    path: OneIntegration,
    answer: ok('Options, and fingerprints of its secrets', IntegrationView),
    problems: [],
  },
  portalEditIntegration: {
    summary: 'Changes some options; the rest stays, and so does what somebody else changed meanwhile',
    path: OneIntegration,
    body: IntegrationChange.extend({ options: SomeOptions }),
    answer: ok('As it is now', IntegrationView),
    problems: ['invalid-option', 'changed-meanwhile'],
  },
  portalConsents: {
    summary: 'Every wording of the consent that there was, newest first',
    path: OneIntegration,
    query: ConsentListQuery,
    answer: ok('A page', ConsentPage),
    problems: [],
  },
  portalConsent: {
    summary: 'The words of one version, by the name that a person’s consent carries',
    query: ConsentQuery,
    answer: ok('Name, hash and text', ConsentView),
    problems: [],
  },
  portalRotateSecret: {
    summary: 'Makes a new secret; the one before stays valid for the overlap',
    path: OneIntegration,
    body: RotateSecret,
    answer: ok('Id and new secret', ShownOnce),
    problems: ['already-rotated', 'secret-in-overlap'],
  },
  portalDeleteIntegration: {
    summary: 'Deletes an integration, whose name has to be typed',
    path: OneIntegration,
    body: DeleteIntegration,
    answer: { status: '204', description: 'Deleted' },
    problems: ['invalid-option'],
  },
  portalTransactions: {
    summary: 'Ended logins, newest first; the last 30 days unless told, pages of up to 1000',
    path: OneIntegration,
    query: TransactionListQuery,
    answer: ok('A page', TransactionPage),
    problems: [],
  },
  portalStatistics: {
    summary: 'Ended logins in figures; the last 30 days unless told, or 7 by hours; at most 93 days or 192 hours',
    path: OneIntegration,
    query: StatisticsQuery,
    answer: ok('Buckets and total', StatisticsView),
    problems: [],
  },
} as const satisfies Readonly<Record<string, RouteDescription>>;
