import { ACCOUNT_ID } from '../aws-wire/credentials.ts';
import { type LocalValues, namesOf } from './physical-names.ts';
import { type Resource, resourcesOf, type Stack } from './template.ts';

/** `{{resolve:secretsmanager:ARN:SecretString:::}}`, `{{resolve:ssm:NAME}}` (CloudFormation, dynamic references). */
const DYNAMIC = /\{\{resolve:(secretsmanager|ssm):(.+?)(?::SecretString:::)?\}\}/g;

type Intrinsic = (argument: unknown, stack: Stack) => unknown;

/** Resolves what templates leave open to names and values of this machine. What it does not know it refuses. */
export class Resolver {
  readonly #stacks: readonly Stack[];
  readonly #values: LocalValues;
  readonly #intrinsics: Readonly<Record<string, Intrinsic>>;

  constructor(stacks: readonly Stack[], values: LocalValues) {
    this.#stacks = stacks;
    this.#values = values;
    this.#intrinsics = {
      Ref: (name, stack) => this.#ref(String(name), stack),
      'Fn::GetAtt': (path, stack) => this.#attribute(path, stack),
      'Fn::Join': (parts, stack) => this.#join(parts, stack),
      'Fn::Sub': (text, stack) => this.#substitute(text, stack),
      'Fn::ImportValue': (name, stack) => this.#import(String(this.value(name, stack))),
    };
  }

  /**
   * A value with every reference in it resolved.
   * @throws Error for an intrinsic function, attribute or export that is not known here
   */
  value(value: unknown, stack: Stack): unknown {
    if (typeof value === 'string') return this.#dynamic(value);
    if (Array.isArray(value)) return value.map((one) => this.value(one, stack));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [name = '', argument] = entries[0] ?? [];
    if (entries.length !== 1 || !(name === 'Ref' || name.startsWith('Fn::')))
      return Object.fromEntries(entries.map(([key, one]) => [key, this.value(one, stack)]));
    const intrinsic = Object.hasOwn(this.#intrinsics, name) ? this.#intrinsics[name] : undefined;
    if (intrinsic === undefined) throw new Error(`${name} of ${stack.name} is not resolved here`);
    return this.value(intrinsic(argument, stack), stack);
  }

  /** All properties of a resource. */
  properties({ properties, stack }: Resource): Record<string, unknown> {
    return this.value(properties, stack) as Record<string, unknown>;
  }

  nameOf(resource: Resource): string {
    return namesOf(resource, this.#values).Ref;
  }

  arnOf(resource: Resource): string {
    return this.#named(resource, 'Arn');
  }

  #ref(name: string, stack: Stack): string {
    const pseudo: Readonly<Record<string, string>> = {
      'AWS::AccountId': ACCOUNT_ID,
      'AWS::Partition': 'aws',
      'AWS::Region': this.#values.region,
      'AWS::URLSuffix': 'amazonaws.com',
    };
    return pseudo[name] ?? this.nameOf(this.#resource(name, stack));
  }

  #attribute(path: unknown, stack: Stack): string {
    const [name = '', attribute = ''] = Array.isArray(path) ? path.map(String) : String(path).split('.');
    return this.#named(this.#resource(name, stack), attribute);
  }

  #named(resource: Resource, attribute: string): string {
    const value = namesOf(resource, this.#values).attributes[attribute];
    if (value === undefined) throw new Error(`${resource.type} ${resource.id} has no local ${attribute}`);
    return value;
  }

  #resource(name: string, stack: Stack): Resource {
    const resource = stack.resources.get(name);
    if (resource === undefined) throw new Error(`${stack.name} has no ${name}`);
    return resource;
  }

  #join(argument: unknown, stack: Stack): string {
    const [separator, parts] = argument as [string, unknown[]];
    return parts.map((part) => String(this.value(part, stack))).join(separator);
  }

  #substitute(argument: unknown, stack: Stack): string {
    if (typeof argument !== 'string') throw new Error(`Fn::Sub with values in ${stack.name} is not resolved here`);
    return argument.replaceAll(/\$\{([^}!]+)\}/g, (_all, name: string) =>
      name.includes('.') ? this.#attribute(name, stack) : this.#ref(name, stack),
    );
  }

  #import(name: string): unknown {
    const from = this.#stacks.find(({ exports }) => exports.has(name));
    if (from === undefined) throw new Error(`nothing is exported as ${name}`);
    return this.value(from.exports.get(name), from);
  }

  #dynamic(text: string): string {
    return text.replaceAll(DYNAMIC, (_all, service: string, name: string) =>
      service === 'ssm' ? this.#parameter(name) : this.#values.secretValue(name),
    );
  }

  #parameter(name: string): string {
    const found = resourcesOf(this.#stacks, 'AWS::SSM::Parameter').find(
      ({ properties }) => properties['Name'] === name,
    );
    if (found === undefined) throw new Error(`there is no parameter ${name}`);
    return String(this.value(found.properties['Value'], found.stack));
  }
}
