import type { CloudFormationTemplate, JudgedTemplate, TemplateResource } from './templates.ts';

const ACCOUNT = '111122223333';

/** ARNs as CloudFormation would return them; `{id}` is the logical id in place of a generated name. */
const ARNS: Readonly<Record<string, string>> = {
  'AWS::ApiGatewayV2::Api': 'arn:aws:apigateway:{region}::/apis/{id}',
  'AWS::CloudFront::Distribution': 'arn:aws:cloudfront::{account}:distribution/{id}',
  'AWS::Cognito::UserPool': 'arn:aws:cognito-idp:{region}:{account}:userpool/{region}_{id}',
  'AWS::DynamoDB::Table': 'arn:aws:dynamodb:{region}:{account}:table/{id}',
  'AWS::IAM::Role': 'arn:aws:iam::{account}:role/{id}',
  'AWS::KMS::Key': 'arn:aws:kms:{region}:{account}:key/{id}',
  'AWS::Lambda::Function': 'arn:aws:lambda:{region}:{account}:function:{id}',
  'AWS::Logs::LogGroup': 'arn:aws:logs:{region}:{account}:log-group:{id}:*',
  'AWS::S3::Bucket': 'arn:aws:s3:::{id}',
  'AWS::SNS::Topic': 'arn:aws:sns:{region}:{account}:{id}',
  'AWS::SQS::Queue': 'arn:aws:sqs:{region}:{account}:{id}',
};
/** Types whose `Ref` is their ARN. */
const REF_IS_ARN: readonly string[] = ['AWS::SNS::Topic'];

/** Puts concrete values in the place of CloudFormation's functions, as a deployment would. */
export class Concrete {
  readonly #all: readonly JudgedTemplate[];
  readonly #here: JudgedTemplate;

  constructor(all: readonly JudgedTemplate[], here: JudgedTemplate) {
    this.#all = all;
    this.#here = here;
  }

  /**
   * @throws Error for a function or a type of resource that it does not know
   */
  value(node: unknown): unknown {
    if (Array.isArray(node)) return node.map((each) => this.value(each));
    // What is looked up while a deployment runs.
    if (typeof node === 'string') return node.replaceAll(/\{\{resolve:[^}]+\}\}/g, 'resolved');
    if (typeof node !== 'object' || node === null) return node;
    const [[name, argument] = [''], ...others] = Object.entries(node);
    if (others.length === 0 && (name === 'Ref' || name.startsWith('Fn::'))) return this.#call(name, argument);
    return Object.fromEntries(Object.entries(node).map(([key, each]) => [key, this.value(each)]));
  }

  #call(name: string, argument: unknown): unknown {
    switch (name) {
      case 'Ref':
        return this.#ref(String(argument));
      case 'Fn::GetAtt':
        return this.#attribute(argument as [string, string]);
      case 'Fn::Join': {
        const [separator, parts] = argument as [string, unknown[]];
        return this.value(parts.map((part) => String(this.value(part))).join(separator));
      }
      case 'Fn::Sub':
        return this.value(String(argument).replaceAll(/\$\{([\w:]+)\}/g, (_, id) => this.#ref(id)));
      case 'Fn::Select': {
        const [index, list] = argument as [string | number, unknown];
        return (this.value(list) as unknown[])[Number(index)];
      }
      case 'Fn::Split': {
        const [separator, text] = argument as [string, unknown];
        return String(this.value(text)).split(separator);
      }
      case 'Fn::ImportValue':
        return this.#imported(String(argument));
      default:
        throw new Error(`${this.#here.where}: ${name} is not known here`);
    }
  }

  #ref(id: string): string {
    const pseudo: Readonly<Record<string, string>> = {
      'AWS::AccountId': ACCOUNT,
      'AWS::Region': this.#here.region,
      'AWS::Partition': 'aws',
      'AWS::URLSuffix': 'amazonaws.com',
    };
    const resource = this.#here.template.Resources[id];
    if (resource !== undefined && REF_IS_ARN.includes(resource.Type)) return this.#arn(id, resource);
    const known = pseudo[id];
    if (known !== undefined) return known;
    if (resource === undefined) throw new Error(`${this.#here.where}: there is no resource ${id}`);
    // Of a bucket, a name; logical ids serve as generated names.
    return resource.Type === 'AWS::S3::Bucket' ? id.toLowerCase() : id;
  }

  #attribute([id, attribute]: [string, string]): string {
    const resource = this.#here.template.Resources[id];
    if (resource === undefined) throw new Error(`${this.#here.where}: there is no resource ${id}`);
    return attribute === 'Arn' ? this.#arn(id, resource) : `${id}.${attribute}`;
  }

  #arn(id: string, { Type }: TemplateResource): string {
    const pattern = ARNS[Type];
    if (pattern === undefined) throw new Error(`${this.#here.where}: the ARN of ${Type} is not known here`);
    const values: Readonly<Record<string, string>> = {
      id: Type === 'AWS::S3::Bucket' ? id.toLowerCase() : id,
      region: this.#here.region,
      account: ACCOUNT,
    };
    return pattern.replaceAll(/\{(\w+)\}/g, (_, key) => values[key] ?? '');
  }

  #imported(exportName: string): unknown {
    const exporter = this.#all.find(({ template }) => exported(template, exportName) !== undefined);
    if (exporter === undefined) throw new Error(`${this.#here.where}: nothing exports ${exportName}`);
    return new Concrete(this.#all, exporter).value(exported(exporter.template, exportName)?.Value);
  }
}

const exported = ({ Outputs = {} }: CloudFormationTemplate, name: string) =>
  Object.values(Outputs).find(({ Export }) => Export?.Name === name);
