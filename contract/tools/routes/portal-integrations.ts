import * as z from 'zod';
import { ConnectionView } from '../../api/portal/connection.ts';
import { ConsentPage, ConsentQuery, ConsentView } from '../../api/portal/consents.ts';
import {
  DeleteIntegration,
  IntegrationChange,
  IntegrationList,
  IntegrationView,
  NewIntegration,
  RotateSecret,
  ShownOnce,
} from '../../api/portal/integrations.ts';
import { StatisticsPer, StatisticsView, TransactionPage, TransactionView } from '../../api/portal/transactions.ts';
import { OUTCOMES } from '../../protocol/outcomes.ts';
import { OneIntegration, ok, Paging, type RouteDescription, TimeParameter } from './route-description.ts';

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
    body: NewIntegration,
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
    body: IntegrationChange,
    answer: ok('As it is now', IntegrationView),
    problems: ['invalid-option', 'changed-meanwhile'],
  },
  portalConsents: {
    summary: 'Every wording of the consent that there was, newest first',
    path: OneIntegration,
    query: Paging,
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
    query: Paging.extend({
      from: TimeParameter,
      to: TimeParameter,
      outcome: z.enum(OUTCOMES).optional(),
      mode: TransactionView.shape.mode.optional(),
      app: z.string().max(256).optional(),
      externalId: z.string().max(256).optional(),
      supportId: z.string().max(9).optional(),
    }),
    answer: ok('A page', TransactionPage),
    problems: [],
  },
  portalStatistics: {
    summary: 'Ended logins in figures; the last 30 days unless told, at most 93 days or 192 hours',
    path: OneIntegration,
    query: z.object({ from: TimeParameter, to: TimeParameter, per: StatisticsPer.optional() }),
    answer: ok('Buckets and total', StatisticsView),
    problems: [],
  },
} as const satisfies Readonly<Record<string, RouteDescription>>;
