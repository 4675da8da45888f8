/** What references of a template resolve to. */
export interface References {
  /** `Ref`, pseudo parameters included. @throws Error if there is no such name */
  readonly ref: (name: string) => string;
  readonly attribute: (logicalId: string, attribute: string) => string;
  readonly imported: (exportName: string) => string;
  /** An output of another stack, in whatever region. */
  readonly output: (stackName: string, outputName: string) => string;
}

const SECRET = /\{\{resolve:secretsmanager:.+?:SecretString:::\}\}/g;

/** Takes the place of every secret that CloudFormation would have put in; whoever sees it has seen a secret. */
export const MODEL_SECRET = 'secret-between-distribution-and-api';

const resolveOne = (name: string, argument: unknown, references: References): unknown => {
  switch (name) {
    case 'Ref':
      return references.ref(String(argument));
    case 'Fn::GetAtt': {
      const [logicalId, attribute] = argument as [string, string];
      return references.attribute(logicalId, attribute);
    }
    case 'Fn::Join': {
      const [separator, parts] = argument as [string, unknown[]];
      return (resolve(parts, references) as unknown[]).map(String).join(separator);
    }
    case 'Fn::Sub':
      return String(argument).replaceAll(/\$\{([\w:]+)\}/g, (_all, variable: string) => references.ref(variable));
    case 'Fn::GetStackOutput': {
      const { StackName, OutputName } = argument as { readonly StackName: unknown; readonly OutputName: string };
      return references.output(String(resolve(StackName, references)), OutputName);
    }
    case 'Fn::Select': {
      const [index, parts] = argument as [number, unknown];
      return (resolve(parts, references) as unknown[])[index];
    }
    case 'Fn::Split': {
      const [separator, text] = argument as [string, unknown];
      return String(resolve(text, references)).split(separator);
    }
    case 'Fn::ImportValue':
      return references.imported(String(resolve(argument, references)));
    default:
      throw new Error(`${name} is not resolved here`);
  }
};

/** A value of a template with every reference in it resolved. @throws Error for an intrinsic function that is not known here */
export const resolve = (value: unknown, references: References): unknown => {
  if (typeof value === 'string') return value.replaceAll(SECRET, MODEL_SECRET);
  if (Array.isArray(value)) return value.map((one) => resolve(one, references));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [name = '', argument] = entries[0] ?? [];
  if (entries.length === 1 && (name === 'Ref' || name.startsWith('Fn::')))
    return resolve(resolveOne(name, argument, references), references);
  return Object.fromEntries(entries.map(([key, one]) => [key, resolve(one, references)]));
};
