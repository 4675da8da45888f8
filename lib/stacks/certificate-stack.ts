import { CfnDeletionPolicy, ReferenceStrength, Stack, type StackProps } from 'aws-cdk-lib';
import { CfnCertificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { Construct } from 'constructs';
import { rolesOf } from '../bootstrap-roles.ts';

/** The only region for certificates of CloudFront (CloudFront developer guide, "Requirements for using SSL/TLS certificates"). */
export const CERTIFICATE_REGION = 'us-east-1';

export interface CertificateStackProps extends StackProps {
  readonly domainName: string;
  /** Public hosted zone of the domain, in the same account. */
  readonly hostedZoneId: string;
  /** The stage's own region, whose bootstrapped roles deploy this stack. */
  readonly stageRegion: string;
}

/** The certificate of the stage's domain name. ACM proves the domain by a record in its hosted zone, and renews by the same record. */
export class CertificateStack extends Stack {
  readonly certificateArn: string;

  constructor(scope: Construct, id: string, props: CertificateStackProps) {
    const { domainName, hostedZoneId, stageRegion, ...stackProps } = props;
    super(scope, id, { ...stackProps, synthesizer: rolesOf(scope, stageRegion) });
    const certificate = new CfnCertificate(this, 'Certificate', {
      domainName,
      validationMethod: 'DNS',
      domainValidationOptions: [{ domainName, hostedZoneId }],
    });
    // For another domain name there is another certificate. The distribution uses the old one until its own stack is deployed, and ACM
    // deletes no certificate that is in use.
    certificate.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
    certificate.cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE;
    // Weak, as for the distribution's id (global-stack.ts): read only when the distribution is deployed.
    this.certificateArn = Stack.consumeReference(certificate.ref, ReferenceStrength.WEAK);
  }
}
