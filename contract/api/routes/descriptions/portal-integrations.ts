import { IntegrationOptionsSchema } from '../../portal/integration-options.ts';
import { IntegrationChange, IntegrationView, NewIntegration } from '../../portal/integrations.ts';
import type { CONSENT_ROUTES } from '../portal-consents.ts';
import type { INTEGRATION_ROUTES } from '../portal-integrations.ts';
import type { Descriptions } from './description.ts';
import { someOf } from './some-of.ts';

/** Options to change, and how they stood. */
export const IntegrationOptionsChange = someOf(IntegrationOptionsSchema.shape);
const ChangeWithOptions = IntegrationChange.extend({
  options: IntegrationOptionsChange,
  base: IntegrationOptionsChange.default({}),
});
const ViewWithOptions = IntegrationView.extend({ options: IntegrationOptionsSchema });

export const INTEGRATION_DESCRIPTIONS: Descriptions<typeof INTEGRATION_ROUTES> = {
  portalConnection: {
    summary: 'The last logins of Auth0 that reached the service, good and bad',
    answers: { 200: 'What was seen last' },
    problems: [],
  },
  portalIntegrations: {
    summary: 'Integrations of the account',
    answers: { 200: 'All of them' },
    problems: [],
  },
  portalAddIntegration: {
    summary: 'Makes an integration; the Session Secret is in this answer and nowhere else',
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
    summary: 'Changes some options; the rest stays, and so does what somebody else changed meanwhile',
    answers: { 200: 'As it is now' },
    problems: ['invalid-option', 'changed-meanwhile'],
    answer: ViewWithOptions,
    body: ChangeWithOptions,
  },
  portalRotateSecret: {
    summary: 'Makes a new secret; the one before stays valid for the overlap',
    answers: { 200: 'Id and new secret' },
    problems: ['already-rotated', 'secret-in-overlap'],
  },
  portalDeleteIntegration: {
    summary: 'Deletes an integration, whose name has to be typed',
    answers: { 204: 'Deleted' },
    problems: ['invalid-option'],
  },
};

export const CONSENT_DESCRIPTIONS: Descriptions<typeof CONSENT_ROUTES> = {
  portalConsents: {
    summary: 'Every wording of the consent that there was, newest first',
    answers: { 200: 'A page' },
    problems: [],
  },
  portalConsent: {
    summary: 'The words of one version, by the name that a person’s consent carries',
    answers: { 200: 'Name, hash and text' },
    problems: [],
  },
};
