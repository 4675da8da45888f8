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
 * The wordings of an integration's consent, newest first: what people agreed to stays readable whatever came after.
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

/** The wording that has this name: from the history, or the one that stands where none was kept yet. */
export const consentOnRecord = async (
  ports: ConsentPorts,
  integration: Integration,
  version: string,
): Promise<ConsentVersion | null> => {
  const standing = unrecordedConsent(integration);
  return (await ports.integrations.consent(integration, version)) ?? (standing.version === version ? standing : null);
};

/** One wording with its words, by the name that a person's consent carries. @throws Problem `not-found` */
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
