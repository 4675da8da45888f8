import { IntegrationOptionsSchema } from '../../portal/integration-options.ts';
import { IntegrationChange, IntegrationView, NewIntegration } from '../../portal/integrations.ts';
import type { CONSENT_ROUTES } from '../portal-consents.ts';
import type { INTEGRATION_ROUTES } from '../portal-integrations.ts';
import type { Descriptions } from './description.ts';
import { someOf } from './some-of.ts';

/** Options to change, and their previous values. */
export const IntegrationOptionsChange = someOf(IntegrationOptionsSchema.shape);
const ChangeWithOptions = IntegrationChange.extend({
  options: IntegrationOptionsChange,
  base: IntegrationOptionsChange.default({}),
});
const ViewWithOptions = IntegrationView.extend({ options: IntegrationOptionsSchema });

export const INTEGRATION_DESCRIPTIONS: Descriptions<typeof INTEGRATION_ROUTES> = {
  portalConnection: {
    summary: 'The last tenant contacts, accepted and refused',
    answers: { 200: 'The last of each kind' },
    problems: [],
  },
  portalIntegrations: {
    summary: 'Integrations of the account',
    answers: { 200: 'All of them' },
    problems: [],
  },
  portalAddIntegration: {
    summary: 'Creates an integration; only this answer contains its Session Secret',
    answers: { 200: 'Id and secret' },
    problems: ['invalid-option'],
    body: NewIntegration.extend({ options: IntegrationOptionsSchema }),
  },
  portalIntegration: {
    summary: 'One integration',
    answers: { 200: 'Options, and fingerprints of its secrets' },
    problems: [],
    answer: ViewWithOptions,
  },
  portalEditIntegration: {
    summary: 'Changes some options; the others keep their values, including changes of other operators',
    answers: { 200: 'The integration after the change' },
    problems: ['invalid-option', 'changed-meanwhile'],
    answer: ViewWithOptions,
    body: ChangeWithOptions,
  },
  portalRotateSecret: {
    summary: 'Creates a new secret; the previous one stays valid for the overlap',
    answers: { 200: 'Id and new secret' },
    problems: ['already-rotated', 'secret-in-overlap'],
  },
  portalDeleteIntegration: {
    summary: 'Deletes an integration, whose name has to be confirmed',
    answers: { 204: 'Deleted' },
    problems: ['invalid-option'],
  },
};

export const CONSENT_DESCRIPTIONS: Descriptions<typeof CONSENT_ROUTES> = {
  portalConsents: {
    summary: 'Every consent version, newest first',
    answers: { 200: 'A page' },
    problems: [],
  },
  portalConsent: {
    summary: 'The text of one consent version, by the name in a user’s consent',
    answers: { 200: 'Name, hash and text' },
    problems: [],
  },
};
