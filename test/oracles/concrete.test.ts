import { describe, expect, test } from 'vitest';
import { Concrete } from './concrete.ts';
import type { CloudFormationTemplate, JudgedTemplate } from './templates.ts';

const judged = (where: string, region: string, template: CloudFormationTemplate): JudgedTemplate => ({
  where,
  region,
  file: '',
  template,
  placeOf: (id) => id,
});
const data = judged('dev data', 'eu-west-1', {
  Resources: { Faces: { Type: 'AWS::S3::Bucket' }, Users: { Type: 'AWS::DynamoDB::Table' } },
  Outputs: { Out: { Value: { 'Fn::GetAtt': ['Users', 'Arn'] }, Export: { Name: 'dev-users' } } },
});
const service = judged('dev service', 'eu-central-1', { Resources: { Role: { Type: 'AWS::IAM::Role' } } });

describe('concrete values of a template', () => {
  test('an import is what the other stack exports, in its region', () => {
    const value = new Concrete([data, service], service).value({
      Resource: [{ 'Fn::Join': ['', [{ 'Fn::ImportValue': 'dev-users' }, '/index/*']] }],
    });
    expect(value).toEqual({ Resource: ['arn:aws:dynamodb:eu-west-1:111122223333:table/Users/index/*'] });
  });

  test('references to the region, the account and what is looked up become text', () => {
    const here = new Concrete([data, service], service);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the form of CloudFormation's Sub
    expect(here.value({ 'Fn::Sub': '${AWS::Region} ${AWS::AccountId} {{resolve:ssm:/a/b}}' })).toBe(
      'eu-central-1 111122223333 resolved',
    );
    expect(new Concrete([data], data).value({ 'Fn::GetAtt': ['Faces', 'Arn'] })).toBe('arn:aws:s3:::faces');
  });

  test('what it does not know is an error, not a text that a policy would be judged by', () => {
    const here = new Concrete([data, service], service);
    expect(() => here.value({ 'Fn::GetAtt': ['Nobody', 'Arn'] })).toThrow('dev service: there is no resource Nobody');
    expect(() => here.value({ Ref: 'AWS::StackName' })).toThrow('dev service: there is no resource AWS::StackName');
    expect(() => here.value({ 'Fn::ImportValue': 'gone' })).toThrow('dev service: nothing exports gone');
    expect(() => here.value({ 'Fn::FindInMap': ['a', 'b', 'c'] })).toThrow(
      'dev service: Fn::FindInMap is not known here',
    );
  });
});
