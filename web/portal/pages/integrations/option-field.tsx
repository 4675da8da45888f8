import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import Toggle from '@cloudscape-design/components/toggle';
import type { ReactNode } from 'react';
import type { FieldConflict } from '../../api/client.ts';
import { ConflictChoice } from '../../components/conflict-choice.tsx';
import { optionBounds, optionTexts, units } from '../../text/en/options.ts';
import { boundsOf, choicesOf, type OptionEntry } from './option-table.ts';
import { fieldOf } from './option-values.ts';

export interface OptionFieldProps {
  readonly entry: OptionEntry;
  readonly value: string | boolean;
  readonly error: string | undefined;
  readonly isReadOnly: boolean;
  readonly onChange: (value: string | boolean) => void;
  /** Another operator's change of it, until the operator decides. */
  readonly conflict?: FieldConflict | undefined;
  readonly onDecide?: ((isMine: boolean) => void) | undefined;
}

const Choice = ({ entry, value, isReadOnly, onChange }: OptionFieldProps) => {
  const text = optionTexts[entry.path];
  const options = choicesOf(entry.path).map((choice) => ({ value: choice, label: text?.choices?.[choice] ?? choice }));
  return (
    <Select
      options={options}
      disabled={isReadOnly}
      selectedOption={options.find((option) => option.value === value) ?? null}
      onChange={({ detail }) => onChange(detail.selectedOption.value ?? '')}
    />
  );
};

const Control = (props: OptionFieldProps) => {
  const { entry, value, isReadOnly, onChange } = props;
  const common = {
    value: String(value),
    readOnly: isReadOnly,
    onChange: ({ detail }: { detail: { value: string } }) => onChange(detail.value),
  };
  switch (entry.control) {
    case 'choice':
      return <Choice {...props} />;
    case 'lines':
      return <Textarea {...common} rows={3} spellcheck={false} />;
    case 'long-text':
      return <Textarea {...common} rows={8} />;
    case 'number':
    case 'minutes':
      return <Input {...common} inputMode="decimal" />;
    default:
      return <Input {...common} spellcheck={entry.control === 'text'} />;
  }
};

const constraintOf = ({ path, control, unit }: OptionEntry, value: string | boolean): string | undefined => {
  const { min, max } = boundsOf(path);
  if (control === 'minutes') return optionBounds.minutes(min, max, Math.round(Number(value) * 60));
  return control === 'number' ? optionBounds.number(min, max, units[unit ?? 'attempts']) : undefined;
};

/** The unit is in the label, where a screen reader reads it with the field. */
const labelOf = ({ path, control, unit }: OptionEntry): string => {
  const label = optionTexts[path]?.label ?? path;
  if (control === 'minutes') return optionBounds.label(label, units.minutes);
  return unit === undefined || unit === 'attempts' ? label : optionBounds.label(label, units[unit]);
};

/** A value in readable form. */
const shownValue = (path: string, value: unknown): string => {
  const shown = String(fieldOf(path, value));
  return optionTexts[path]?.choices?.[shown] ?? shown;
};

/** A field, and below it another operator's change of it, until the operator decides. */
export const WithConflict = (props: {
  label: string;
  path: string;
  conflict: FieldConflict | undefined;
  onDecide: ((isMine: boolean) => void) | undefined;
  children: ReactNode;
}) => {
  const { label, path, conflict, onDecide, children } = props;
  if (conflict === undefined) return children;
  return (
    <SpaceBetween size="xs">
      {children}
      <ConflictChoice
        label={label}
        conflict={conflict}
        theirs={shownValue(path, conflict.theirs)}
        onKeep={() => onDecide?.(true)}
        onTake={() => onDecide?.(false)}
      />
    </SpaceBetween>
  );
};

/** One option: label, effect on users, bounds, and error. */
export const OptionField = (props: OptionFieldProps) => {
  const { entry, value, error, isReadOnly, onChange } = props;
  const text = optionTexts[entry.path] ?? { label: entry.path, help: '' };
  if (entry.control === 'flag') {
    return (
      <Toggle
        checked={value === true}
        readOnly={isReadOnly}
        description={text.help}
        onChange={({ detail }) => onChange(detail.checked)}
      >
        {text.label}
      </Toggle>
    );
  }
  const field = (
    <FormField
      label={labelOf(entry)}
      description={text.help}
      constraintText={constraintOf(entry, value)}
      errorText={error}
      stretch={entry.control === 'long-text'}
    >
      <Control {...props} />
    </FormField>
  );
  return (
    <WithConflict label={labelOf(entry)} path={entry.path} conflict={props.conflict} onDecide={props.onDecide}>
      {field}
    </WithConflict>
  );
};
