import {
  type IntegrationOptionsInput,
  IntegrationOptionsSchema,
} from '../../../contract/api/portal/integration-options.ts';
import { type IntendedAct, underAudit } from '../accounts/audit.ts';
import { nameOf, type Operator } from '../accounts/operator.ts';
import { isNewConsent } from '../model/consent-version.ts';
import type { Members } from '../model/edits.ts';
import { newEvent } from '../model/event.ts';
import type { Integration } from '../model/integration.ts';
import { type ChangeIntegrationPorts, changeIntegration } from './manage-integration.ts';
import { asProblem, ownIntegration, type PortalIntegrationPorts, readIntegration } from './portal-integrations.ts';

/** The audit events of a change: one more if it changes the text that users were asked to accept. */
const actsOf = (integration: Integration, change: Members): readonly IntendedAct[] => {
  const { integrationId, consent: before } = integration;
  const detail = Object.keys(change).sort().join(', ').slice(0, 200);
  const changed: IntendedAct = { act: 'integration-changed', integrationId, detail };
  const asked = IntegrationOptionsSchema.shape.consent.partial().safeParse(change['consent']).data;
  const after = { version: asked?.version ?? before.version, text: asked?.text ?? before.text };
  if (asked === undefined || !isNewConsent(before, after)) return [changed];
  return [changed, { act: 'consent-changed', integrationId, detail: `${before.version} → ${after.version}` }];
};

/**
 * @param base the values of the changed options when the operator's form was loaded
 * @throws Problem `not-found`, `invalid-option`, `changed-meanwhile`, naming what somebody else changed
 */
export const editIntegration =
  (ports: PortalIntegrationPorts) =>
  async (operator: Operator, integrationId: string, edit: { readonly change: Members; readonly base: Members }) => {
    const integration = await ownIntegration(ports, operator, integrationId);
    // An edit that changes nothing is not recorded.
    if (Object.keys(edit.change).length === 0) return readIntegration(ports)(operator, integrationId);
    const { integrations } = ports;
    const event = newEvent('integration.disabled', ports.clock(), { accountId: operator.accountId, integrationId });
    const write: ChangeIntegrationPorts['integrations'] = {
      read: integrations.read.bind(integrations),
      newestConsent: integrations.newestConsent.bind(integrations),
      // Written only if it changes: an integration that is off already is not switched off again.
      changeOptions: (seen, change) => {
        const changeOptions = change.options.enabled === false ? ports.switchOff(event) : integrations.changeOptions;
        return changeOptions(seen, change);
      },
    };
    const run = changeIntegration({ integrations: write, clock: ports.clock });
    await underAudit(ports, operator, actsOf(integration, edit.change), () =>
      // Whatever was sent is checked against the bounds there.
      run(integrationId, edit.change as Partial<IntegrationOptionsInput>, {
        base: edit.base,
        by: nameOf(operator),
      }).catch(asProblem),
    );
    return readIntegration(ports)(operator, integrationId);
  };
