import type { ConsentSummary, ConsentView } from '../../../contract/api/portal/consents.ts';
import type { Operator } from '../accounts/operator.ts';
import { type ConsentVersion, unrecordedConsent } from '../model/consent-version.ts';
import type { Integration } from '../model/integration.ts';
import { boundedPage, type Page } from '../model/page.ts';
import { Problem } from '../model/problem.ts';
import { ownIntegration, type PortalIntegrationPorts } from './portal-integrations.ts';

type ConsentPorts = Pick<PortalIntegrationPorts, 'integrations'>;

const summaryOf = ({ text: _text, ...consent }: ConsentVersion, { consent: now }: Integration): ConsentSummary => ({
  ...consent,
  isCurrent: consent.version === now.version,
});

/**
 * The consent versions of an integration, newest first: what users agreed to stays readable after any change.
 * @throws Problem `not-found`
 */
export const listConsents =
  (ports: ConsentPorts) =>
  async (
    operator: Operator,
    integrationId: string,
    from: { readonly after: string | null; readonly limit: number },
  ): Promise<Page<ConsentSummary>> => {
    const integration = await ownIntegration(ports, operator, integrationId);
    const page = await boundedPage(
      from,
      (after, want) => ports.integrations.consents(integration, { after, want }),
      (consent) => summaryOf(consent, integration),
    );
    const isWithoutHistory = page.items.length === 0 && from.after === null;
    return isWithoutHistory ? { items: [summaryOf(unrecordedConsent(integration), integration)], after: null } : page;
  };

/** The version with this name: from the history, or the current one if no history was kept yet. */
export const consentOnRecord = async (
  ports: ConsentPorts,
  integration: Integration,
  version: string,
): Promise<ConsentVersion | null> => {
  const current = unrecordedConsent(integration);
  return (await ports.integrations.consent(integration, version)) ?? (current.version === version ? current : null);
};

/** One version with its text, by the name that a user's consent carries. @throws Problem `not-found` */
export const readConsent =
  (ports: ConsentPorts) =>
  async (
    operator: Operator,
    { integrationId, version }: { readonly integrationId: string; readonly version: string },
  ): Promise<ConsentView> => {
    const integration = await ownIntegration(ports, operator, integrationId);
    const consent = await consentOnRecord(ports, integration, version);
    if (consent === null) throw new Problem('not-found', 'no such version');
    return { ...summaryOf(consent, integration), text: consent.text };
  };
