import { createHash } from 'node:crypto';
import { ACCOUNT_ID } from '../aws-wire/credentials.ts';
import type { Resource } from './template.ts';

/** Values of this machine that references resolve to. */
export interface LocalValues {
  readonly region: string;
  /** Host and port of the local edge, in place of the distribution's domain name. */
  readonly distributionHost: string;
  /** The value of a secret that CloudFormation would have generated. @param arn of the secret */
  readonly secretValue: (arn: string) => string;
}

interface Names {
  readonly Ref: string;
  /** By the name of the attribute, for `Fn::GetAtt`. */
  readonly attributes: Readonly<Record<string, string>>;
}

const hexOf = ({ stack, id }: Resource): string => createHash('sha256').update(`${stack.name}/${id}`).digest('hex');

/** The same name at every start, as for a stack that is deployed once. */
const nameOf = ({ stack, id }: Resource, max: number): string => `${stack.name}-${id}`.slice(0, max);

const keyIdOf = (resource: Resource): string =>
  hexOf(resource).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/, '$1-$2-$3-$4-$5');

/** What `Ref` and the attributes of a type return (CloudFormation, resource types, "Return values"). */
const NAMES: Readonly<Record<string, (resource: Resource, values: LocalValues) => Names>> = {
  'AWS::ApiGatewayV2::Api': (one) => ({ Ref: hexOf(one).slice(0, 10), attributes: {} }),
  'AWS::CloudFront::Distribution': (one, { distributionHost }) => ({
    Ref: `E${hexOf(one).slice(0, 13).toUpperCase()}`,
    attributes: { DomainName: distributionHost },
  }),
  'AWS::Cognito::UserPool': (one, { region }) => ({ Ref: `${region}_${hexOf(one).slice(0, 9)}`, attributes: {} }),
  'AWS::DynamoDB::Table': (one, { region }) => {
    const Ref = nameOf(one, 255);
    return { Ref, attributes: { Arn: `arn:aws:dynamodb:${region}:${ACCOUNT_ID}:table/${Ref}` } };
  },
  'AWS::IAM::Role': (one) => {
    const Ref = nameOf(one, 64);
    return { Ref, attributes: { Arn: `arn:aws:iam::${ACCOUNT_ID}:role/${Ref}` } };
  },
  'AWS::KMS::Key': (one, { region }) => {
    const Ref = keyIdOf(one);
    return { Ref, attributes: { Arn: `arn:aws:kms:${region}:${ACCOUNT_ID}:key/${Ref}` } };
  },
  'AWS::Lambda::Function': (one, { region }) => {
    const Ref = nameOf(one, 64);
    return { Ref, attributes: { Arn: `arn:aws:lambda:${region}:${ACCOUNT_ID}:function:${Ref}` } };
  },
  'AWS::Logs::LogGroup': (one, { region }) => {
    const Ref = nameOf(one, 512);
    return { Ref, attributes: { Arn: `arn:aws:logs:${region}:${ACCOUNT_ID}:log-group:${Ref}:*` } };
  },
  'AWS::S3::Bucket': (one, { region }) => {
    const Ref = nameOf(one, 63).toLowerCase();
    const attributes = { Arn: `arn:aws:s3:::${Ref}`, RegionalDomainName: `${Ref}.s3.${region}.amazonaws.com` };
    return { Ref, attributes };
  },
  'AWS::SecretsManager::Secret': (one, { region }) => ({
    Ref: `arn:aws:secretsmanager:${region}:${ACCOUNT_ID}:secret:${nameOf(one, 200)}-${hexOf(one).slice(0, 6)}`,
    attributes: {},
  }),
};

/**
 * Local names of a resource of the templates.
 * @throws Error for a type that nothing here knows, so that no reference resolves to an invented value
 */
export const namesOf = (resource: Resource, values: LocalValues): Names => {
  const names = NAMES[resource.type];
  if (names === undefined) throw new Error(`nothing local stands for ${resource.type} ${resource.id}`);
  return names(resource, values);
};
