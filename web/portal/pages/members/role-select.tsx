import Select from '@cloudscape-design/components/select';
import type { Role } from '../../../../contract/api/portal/permissions.ts';
import { people as peopleTexts } from '../../text/en/people.ts';

const { roles } = peopleTexts;
const ROLES = (['viewer', 'admin', 'owner'] as const).map((value) => ({ value, label: roles[value] }));

/** Selects a role; each has a description of what it may do. */
export const RoleSelect = (props: { role: Role; label: string; onChange: (role: Role) => void }) => (
  <Select
    ariaLabel={props.label}
    options={ROLES}
    selectedOption={ROLES.find(({ value }) => value === props.role) ?? null}
    onChange={({ detail }) => props.onChange(detail.selectedOption.value as Role)}
  />
);
