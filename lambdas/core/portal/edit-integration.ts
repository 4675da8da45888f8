import {
  type IntegrationOptionsInput,
  IntegrationOptionsSchema,
} from '../../../contract/api/portal/integration-options.ts';
import { isNewConsent } from '../consent-version.ts';
import { type ChangeIntegrationPorts, changeIntegration } from '../manage-integration.ts';
import { newEvent } from '../webhooks/event.ts';
import { noteAct } from './audit.ts';
import { asProblem, ownIntegration, type PortalIntegrationPorts, readIntegration } from './integrations.ts';
import { nameOf, type Operator } from './operator.ts';

/** The consent as a change asks for it; null where it asks for none, or for something that is no consent. */
const askedConsent = (change: Readonly<Record<string, unknown>>) =>
  IntegrationOptionsSchema.shape.consent.safeParse(change['consent']).data ?? null;

/** @throws Problem `not-found`, `invalid-option`, `changed-meanwhile` for a consent that somebody else changed */
export const editIntegration =
  (ports: PortalIntegrationPorts) =>
  async (operator: Operator, integrationId: string, change: Readonly<Record<string, unknown>>) => {
    const { enabled, accountId, consent: before } = await ownIntegration(ports, operator, integrationId);
    // A change of nothing is no act.
    if (Object.keys(change).length === 0) return readIntegration(ports)(operator, integrationId);
    const detail = Object.keys(change).sort().join(', ').slice(0, 200);
    await noteAct(ports, operator, 'integration-changed', { integrationId, detail });
    const consent = askedConsent(change);
    if (consent !== null && isNewConsent(before, consent)) {
      await noteAct(ports, operator, 'consent-changed', {
        integrationId,
        detail: `${before.version} → ${consent.version}`,
      });
    }
    const { integrations } = ports;
    const event = newEvent('integration.disabled', ports.clock(), { accountId, integrationId });
    const write: ChangeIntegrationPorts['integrations'] = {
      read: integrations.read.bind(integrations),
      newestConsent: integrations.newestConsent.bind(integrations),
      changeOptions: (target, options, consents) => {
        const changeOptions =
          enabled && options.enabled === false ? ports.switchOff(event) : integrations.changeOptions;
        return changeOptions(target, options, consents);
      },
    };
    const edit = changeIntegration({ integrations: write, clock: ports.clock });
    await edit(integrationId, change as Partial<IntegrationOptionsInput>, nameOf(operator)).catch(asProblem);
    return readIntegration(ports)(operator, integrationId);
  };
