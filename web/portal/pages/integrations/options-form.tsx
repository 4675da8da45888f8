import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import Form from '@cloudscape-design/components/form';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { lazy, type ReactNode, Suspense, useMemo, useRef, useState } from 'react';
import type { CallError } from '../../api/client.ts';
import { ConflictNotice } from '../../components/conflict-choice.tsx';
import { Failure, Loading } from '../../components/page-states.tsx';
import { UnsavedGuard } from '../../components/unsaved-guard.tsx';
import { integrations as integrationsTexts } from '../../text/en/integrations.ts';
import { optionSections } from '../../text/en/options.ts';
import { OptionField } from './option-field.tsx';
import { OPTION_TABLE } from './option-table.ts';
import { checkValues, errorsFrom, type OptionValues } from './option-values.ts';
import { useOptionValues } from './use-option-values.ts';

const texts = integrationsTexts.form;
type Section = keyof typeof optionSections;
const CapturePreview = lazy(() =>
  import('./capture-preview.tsx').then(({ CapturePreview }) => ({ default: CapturePreview })),
);
const SECTIONS = Object.keys(optionSections) as Section[];

export interface OptionsFormProps {
  readonly initial: OptionValues;
  readonly title: ReactNode;
  readonly submit: string;
  readonly isBusy: boolean;
  readonly isReadOnly: boolean;
  readonly failure: CallError | null;
  /** Called with valid fields, and with their values as the operator last saw them. */
  readonly onSubmit: (values: OptionValues, seen: OptionValues) => void;
}

const PATHS = OPTION_TABLE.map(({ path }) => path);

/** Every option of an integration, from the table; errors are shown at their fields. */
export const OptionsForm = (props: OptionsFormProps) => {
  const { initial, failure, isReadOnly, onSubmit } = props;
  const { values, seen, isChanged, conflicts, decide, setValue, undo } = useOptionValues(initial, PATHS, failure);
  const [hasTried, setTried] = useState(false);
  const form = useRef<HTMLDivElement>(null);
  const errors = useMemo(
    () => ({ ...(failure === null ? {} : errorsFrom(failure.errors)), ...(hasTried ? checkValues(values) : {}) }),
    [failure, hasTried, values],
  );
  const submit = (): void => {
    setTried(true);
    const isValid = Object.keys(checkValues(values)).length === 0;
    if (isValid && conflicts.size === 0) {
      onSubmit(values, seen);
      return;
    }
    // After rendering, to the first field that needs the operator.
    const waiting = isValid ? '.conflict button' : '[aria-invalid="true"]';
    setTimeout(() => form.current?.querySelector<HTMLElement>(waiting)?.focus());
  };
  const section = (name: Section) => (
    <Container key={name} header={<Header variant="h2">{optionSections[name]}</Header>}>
      <SpaceBetween size="l">
        {OPTION_TABLE.filter((entry) => entry.section === name).map((entry) => (
          <OptionField
            key={entry.path}
            entry={entry}
            value={values[entry.path] ?? ''}
            error={errors[entry.path]}
            isReadOnly={isReadOnly}
            onChange={(value) => setValue(entry.path, value)}
            conflict={conflicts.get(entry.path)}
            onDecide={(isMine) => decide(entry.path, isMine)}
          />
        ))}
      </SpaceBetween>
    </Container>
  );
  return (
    <div ref={form}>
      <UnsavedGuard when={isChanged && !props.isBusy} />
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Form
          header={props.title}
          actions={
            isReadOnly ? undefined : (
              <SpaceBetween direction="horizontal" size="xs">
                {isChanged && (
                  <Button formAction="none" onClick={undo}>
                    {texts.undo}
                  </Button>
                )}
                <Button variant="primary" loading={props.isBusy}>
                  {props.submit}
                </Button>
              </SpaceBetween>
            )
          }
        >
          <SpaceBetween size="l">
            {isReadOnly && <Box color="text-body-secondary">{texts.readOnly}</Box>}
            {SECTIONS.filter((name) => name !== 'branding' && name !== 'consent').map(section)}
            <ColumnLayout columns={2}>
              <SpaceBetween size="l">
                {section('consent')}
                {section('branding')}
              </SpaceBetween>
              <Suspense fallback={<Loading />}>
                <CapturePreview values={values} />
              </Suspense>
            </ColumnLayout>
            {/* Next to the button that was pressed: the form is long. */}
            {conflicts.size > 0 && <ConflictNotice />}
            {failure !== null && failure.conflicts.length === 0 && <Failure failure={failure} />}
          </SpaceBetween>
        </Form>
      </form>
    </div>
  );
};
