import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { lazy, Suspense, useState } from 'react';
import { IntegrationView } from '../../../../contract/api/portal/integrations.ts';
import { useAct } from '../../api/use-act.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { useMay, usePortal } from '../../shell/portal-context.ts';
import { integrations as words } from '../../text/en/integrations.ts';
import { IntegrationFrame } from './integration-frame.tsx';
import { changedOptions, type OptionValues, valuesOf, withConsentVersion } from './option-values.ts';
import { OptionsForm } from './options-form.tsx';

const ConsentHistory = lazy(() =>
  import('./consent-history.tsx').then(({ ConsentHistory }) => ({ default: ConsentHistory })),
);

/** On and off, at once; off says before what it does. */
const Switch = ({ isEnabled, isBusy, onSwitch }: { isEnabled: boolean; isBusy: boolean; onSwitch: () => void }) => {
  const [isAsked, setAsked] = useState(false);
  const { enable } = words;
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
  const { act, isBusy, failure } = useAct();
  const { announce } = usePortal();
  const mayChange = useMay('manage');
  const [initial, setInitial] = useState(() => valuesOf(integration.options));
  const path = `/api/portal/integrations/${integration.integrationId}`;
  const isEnabled = initial['enabled'] === true;
  const change = async (options: object, message: string): Promise<void> => {
    const changed = await act((api) => api.read('PATCH', path, IntegrationView, { body: { options } }));
    if (changed === null) return;
    setInitial(valuesOf(changed.options));
    announce(message);
    reload();
  };
  const save = (values: OptionValues): void => {
    const today = new Date().toISOString().slice(0, 10);
    void change(changedOptions(initial, withConsentVersion(initial, values, today)), words.form.saved);
  };
  const { enable } = words;
  const onSwitch = (): void => void change({ enabled: !isEnabled }, isEnabled ? enable.doneOff : enable.doneOn);
  return (
    <SpaceBetween size="l">
      <OptionsForm
        key={JSON.stringify(initial)}
        initial={initial}
        title={
          <Header
            variant="h2"
            actions={mayChange && <Switch isEnabled={isEnabled} isBusy={isBusy} onSwitch={onSwitch} />}
          >
            {words.tabs.settings}
          </Header>
        }
        submit={words.form.save}
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
