import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Verified } from 'verified-face-factor/cdk';

// A team's own app: the face check with the team's tags, permissions boundary, alarm topic and hosted zone.
const env = { account: '111122223333', region: 'eu-west-1' };
const app = new App();

// What the team has already, or makes in stacks of its own.
const onCall = new Topic(new Stack(app, 'on-call', { env }), 'Topic', { enforceSSL: true });
onCall.grantPublish(new ServicePrincipal('cloudwatch.amazonaws.com'));

const login = new Verified(app, 'Login', {
  stage: 'prod',
  ...env,
  domainName: 'verify.example.com',
  hostedZoneId: 'Z0123456789ABCDEFGHIJ',
  waf: true,
  noticeSender: 'login@example.com',
  alarmTopic: onCall,
  globalAlarmTopic: 'arn:aws:sns:us-east-1:111122223333:on-call',
  permissionsBoundary: 'developer-boundary',
  tags: { 'cost-center': '4711', owner: 'identity' },
});

// What the team adds around it.
const archive = new Stack(app, 'audit-archive', { env });
const reader = new Role(archive, 'Reader', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
login.grantReadAuditLog(reader);
new CfnOutput(archive, 'CaptureUrl', { value: login.origin });
