import type { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import { AaaaRecord, ARecord, HostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { CloudFrontTarget } from 'aws-cdk-lib/aws-route53-targets';
import type { Construct } from 'constructs';
import type { Settings } from '../settings.ts';

/** Points the stage's domain name at its distribution, for IPv4 and IPv6, if the settings name a hosted zone. */
export const domainRecords = (
  scope: Construct,
  { domainName, hostedZoneId }: Pick<Settings, 'domainName' | 'hostedZoneId'>,
  distribution: Distribution,
): void => {
  if (domainName === undefined || hostedZoneId === undefined) return;
  const record = {
    zone: HostedZone.fromHostedZoneId(scope, 'Zone', hostedZoneId),
    // With its last dot the name is whole: nothing of the zone's own name is added.
    recordName: `${domainName}.`,
    target: RecordTarget.fromAlias(new CloudFrontTarget(distribution)),
  };
  new ARecord(scope, 'Address', record);
  new AaaaRecord(scope, 'AddressV6', record);
};
