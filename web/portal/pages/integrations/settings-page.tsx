import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { lazy, Suspense, useMemo, useState } from 'react';
import type * as z from 'zod';
import type { IntegrationChange, IntegrationView } from '../../../../contract/api/portal/integrations.ts';
import { INTEGRATION_ROUTES } from '../../../../contract/api/routes/portal-integrations.ts';
import { asCallError } from '../../api/client.ts';
import { useMutation } from '../../api/use-mutation.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { useMay, usePortal } from '../../shell/portal-context.ts';
import { integrations as texts } from '../../text/en/integrations.ts';
import { IntegrationFrame } from './integration-frame.tsx';
import { baseOfChange, changedOptions, type OptionValues, valuesOf, withConsentVersion } from './option-values.ts';
import { OptionsForm } from './options-form.tsx';

const ConsentHistory = lazy(() =>
  import('./consent-history.tsx').then(({ ConsentHistory }) => ({ default: ConsentHistory })),
);

/** Turns the integration on or off immediately; off asks for confirmation first. */
const Switch = ({ isEnabled, isBusy, onSwitch }: { isEnabled: boolean; isBusy: boolean; onSwitch: () => void }) => {
  const [isAsked, setAsked] = useState(false);
  const { enable } = texts;
  return (
    <>
      <Button formAction="none" loading={isBusy} onClick={() => (isEnabled ? setAsked(true) : onSwitch())}>
        {isEnabled ? enable.turnOff : enable.turnOn}
      </Button>
      {isAsked && (
        <ConfirmDialog
          title={enable.offTitle}
          confirm={enable.turnOff}
          cancel={enable.cancel}
          isBusy={false}
          failure={null}
          onConfirm={() => {
            setAsked(false);
            onSwitch();
          }}
          onClose={() => setAsked(false)}
        >
          {enable.offText}
        </ConfirmDialog>
      )}
    </>
  );
};

const Settings = ({ integration, reload }: { integration: IntegrationView; reload: () => void }) => {
  const { mutate, isBusy, failure } = useMutation();
  const { announce } = usePortal();
  const mayChange = useMay('write');
  const [saved, setSaved] = useState({ over: integration, options: integration.options });
  if (saved.over !== integration) setSaved({ over: integration, options: integration.options });
  const initial = useMemo(() => valuesOf(saved.options), [saved]);
  const path = { integrationId: integration.integrationId };
  const isEnabled = initial['enabled'] === true;
  const change = async (body: z.input<typeof IntegrationChange>, message: string): Promise<void> => {
    const show = ({ options }: IntegrationView): void => setSaved({ over: integration, options });
    const changed = await mutate((api) =>
      api.call(INTEGRATION_ROUTES.portalEditIntegration, { path, body }).catch(async (error: unknown) => {
        // Changes of others are shown; typed values stay.
        if (asCallError(error).conflicts.length > 0)
          await api.call(INTEGRATION_ROUTES.portalIntegration, { path }).then(show, () => {});
        throw error;
      }),
    );
    if (changed === null) return;
    show(changed);
    announce(message);
    reload();
  };
  const save = (values: OptionValues, seen: OptionValues): void => {
    const named = withConsentVersion(seen, values, new Date().toISOString().slice(0, 10));
    void change({ options: changedOptions(seen, named), base: baseOfChange(seen, named) }, texts.form.saved);
  };
  const { enable } = texts;
  // Without a base: on or off applies whatever another operator set before.
  const onSwitch = (): void =>
    void change({ options: { enabled: !isEnabled } }, isEnabled ? enable.doneOff : enable.doneOn);
  return (
    <SpaceBetween size="l">
      <OptionsForm
        initial={initial}
        title={
          <Header
            variant="h2"
            actions={mayChange && <Switch isEnabled={isEnabled} isBusy={isBusy} onSwitch={onSwitch} />}
          >
            {texts.tabs.settings}
          </Header>
        }
        submit={texts.form.save}
        isBusy={isBusy}
        isReadOnly={!mayChange}
        failure={failure}
        onSubmit={save}
      />
      <Suspense>
        <ConsentHistory integrationId={integration.integrationId} inForce={String(initial['consent.version'])} />
      </Suspense>
    </SpaceBetween>
  );
};

/** Every option of one integration. */
export const Component = () => (
  <IntegrationFrame>{(integration, reload) => <Settings integration={integration} reload={reload} />}</IntegrationFrame>
);
