import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import type { TypedFilters } from './use-typed-filters.ts';

/** Text field of a typed filter. */
export function TypedFilter<Name extends string>(props: {
  filters: TypedFilters<Name>;
  name: Name;
  label: string;
  placeholder?: string;
}) {
  const { filters, name, label, placeholder = '' } = props;
  return (
    <div {...filters.composing}>
      <FormField label={label}>
        <Input
          type="search"
          value={filters.typed[name]}
          placeholder={placeholder}
          onChange={({ detail }) => filters.type(name, detail.value)}
          onKeyDown={({ detail }) => (detail.key === 'Enter' ? filters.searchNow() : undefined)}
        />
      </FormField>
    </div>
  );
}
