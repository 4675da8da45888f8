import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import Textarea from '@cloudscape-design/components/textarea';
import Toggle from '@cloudscape-design/components/toggle';
import { optionTexts, units } from '../../text/en/options.ts';
import { boundsOf, choicesOf, type OptionEntry } from './option-table.ts';

export interface OptionFieldProps {
  readonly entry: OptionEntry;
  readonly value: string | boolean;
  readonly error: string | undefined;
  readonly isReadOnly: boolean;
  readonly onChange: (value: string | boolean) => void;
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
      return <Input {...common} inputMode="decimal" />;
    default:
      return <Input {...common} spellcheck={entry.control === 'text'} />;
  }
};

const constraintOf = ({ path, control, unit }: OptionEntry): string | undefined => {
  const { min, max } = boundsOf(path);
  return control === 'number' ? `${min} – ${max} ${units[unit ?? 'attempts']}` : undefined;
};

/** One option: label, what it does to a user, bounds, and what is wrong with it. */
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
  return (
    <FormField
      label={text.label}
      description={text.help}
      constraintText={constraintOf(entry)}
      errorText={error}
      stretch={entry.control === 'long-text'}
    >
      <Control {...props} />
    </FormField>
  );
};
