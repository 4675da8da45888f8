import { ACTION_SETTINGS, type ActionSetting } from '../../installer/action-settings.ts';
import { DEFAULT_ACTION_NAME } from '../../installer/command-line.ts';
import { ACTION_RUNTIME } from '../../installer/desired-action.ts';

/** Path of the built Action in the package. */
export const TERRAFORM_CODE = 'terraform/verified-face-factor.js';

const variableName = ({ name }: Pick<ActionSetting, 'name'>): string => name.toLowerCase();

/** HCL has JSON's escapes; template sequences are escaped too. */
const quote = (text: string): string => JSON.stringify(text).replace(/([$%])\{/g, '$1$1{');

/** A renamed setting has two variables, null unless given, so that the given one counts. */
const isRenamed = ({ formerName }: ActionSetting): boolean => formerName !== null;
const defaultOf = (setting: ActionSetting): string => (isRenamed(setting) ? 'null' : quote(setting.defaultValue ?? ''));

const optionCheck = (setting: ActionSetting): readonly string[] => {
  if (setting.options === null) return [];
  const values = setting.options.map(({ value }) => quote(value)).join(', ');
  const value = `var.${variableName(setting)}`;
  return [
    '',
    '  validation {',
    `    condition     = contains([${values}], ${isRenamed(setting) ? `coalesce(${value}, ${quote(setting.defaultValue ?? '')})` : value})`,
    `    error_message = "One of ${setting.options.map(({ value }) => value).join(', ')}."`,
    '  }',
  ];
};

const variable = (setting: ActionSetting): string =>
  [
    `variable ${quote(variableName(setting))} {`,
    `  description = ${quote(setting.description)}`,
    '  type        = string',
    ...(setting.isRequired ? [] : [`  default     = ${defaultOf(setting)}`]),
    ...(setting.isSecret ? ['  sensitive   = true'] : []),
    ...optionCheck(setting),
    '}',
    '',
  ].join('\n');

/** The former variable, so that a caller of the module need not change. */
const formerVariables = (setting: ActionSetting): readonly string[] =>
  setting.formerName === null
    ? []
    : [
        variable({
          ...setting,
          name: setting.formerName,
          description: `Former name of ${variableName(setting)}, still read. ${setting.description}`,
        }),
      ];

const variables = (): string =>
  [
    ...ACTION_SETTINGS.flatMap((setting) => [variable(setting), ...formerVariables(setting)]),
    `variable "action_name" {
  description = "Name of the Action in the tenant."
  type        = string
  default     = ${quote(DEFAULT_ACTION_NAME)}
}
`,
  ].join('\n');

/** Auth0 keeps no secret without a value, so these are set only if one is given. */
const isBlankByDefault = ({ isRequired, defaultValue }: ActionSetting): boolean => !isRequired && defaultValue === null;

const whereGiven = (setting: ActionSetting): string => {
  const isGiven = `var.${variableName(setting)} != ""`;
  return `    ${setting.isSecret ? `nonsensitive(${isGiven})` : isGiven} ? [${quote(setting.name)}] : [],`;
};

const inputOf = (setting: ActionSetting): string => {
  const value = `var.${variableName(setting)}`;
  if (setting.formerName === null) return value;
  return `coalesce(${value}, var.${variableName({ name: setting.formerName })}, ${quote(setting.defaultValue ?? '')})`;
};

/** As the Action itself does: two values for one setting are refused. */
const preconditions = (): string =>
  ACTION_SETTINGS.flatMap((setting) => {
    if (setting.formerName === null) return [];
    const [value, former] = [setting.name, setting.formerName].map((name) => `var.${variableName({ name })}`);
    return [
      '    precondition {',
      `      condition     = coalesce(${former}, ${value}, "unset") == coalesce(${value}, ${former}, "unset")`,
      `      error_message = ${quote(`${variableName(setting)} and ${variableName({ name: setting.formerName })}, its former name, differ: give one.`)}`,
      '    }',
    ];
  }).join('\n');

const main = (): string => {
  const width = Math.max(...ACTION_SETTINGS.map(({ name }) => name.length));
  const values = ACTION_SETTINGS.map((setting) => `    ${setting.name.padEnd(width)} = ${inputOf(setting)}`);
  const always = ACTION_SETTINGS.filter((setting) => !isBlankByDefault(setting)).map(({ name }) => quote(name));
  const sometimes = ACTION_SETTINGS.filter(isBlankByDefault).map(whereGiven);
  return `terraform {
  required_version = ">= 1.3"
  required_providers {
    auth0 = {
      source = "auth0/auth0"
      # 1.11 is the first that knows the runtime ${ACTION_RUNTIME}.
      version = ">= 1.11.0, < 2.0.0"
    }
  }
}

locals {
  settings = {
${values.join('\n')}
  }
  # Which settings there are is no secret; their values may be, and Terraform repeats no block over those.
  setting_names = toset(concat(
    [${always.join(', ')}],
${sometimes.join('\n')}
  ))
}

resource "auth0_action" "face_factor" {
  name    = var.action_name
  runtime = ${quote(ACTION_RUNTIME)}
  code    = file("\${path.module}/verified-face-factor.js")
  deploy  = true

  supported_triggers {
    id      = "post-login"
    version = "v3"
  }

  dynamic "secrets" {
    for_each = local.setting_names
    content {
      name  = secrets.value
      value = local.settings[secrets.value]
    }
  }

  lifecycle {
${preconditions()}
  }
}

# Appends to the flow and leaves the other Actions alone, unlike auth0_trigger_actions, which owns the whole list.
resource "auth0_trigger_action" "face_factor" {
  trigger      = "post-login"
  action_id    = auth0_action.face_factor.id
  display_name = auth0_action.face_factor.name
}

output "action_id" {
  description = "Id of the Action."
  value       = auth0_action.face_factor.id
}
`;
};

/** The Terraform module without the Action's code, by path. */
export const terraformPackage = (): Readonly<Record<string, string>> => ({
  'terraform/main.tf': main(),
  'terraform/variables.tf': variables(),
});
