import { DescribeCertificateCommand } from '@aws-sdk/client-acm';
import type { Clients } from '../clients.ts';
import { propertyOf, resourcesOf } from '../declared.ts';
import type { Certificate } from '../edge-facts.ts';
import type { Deployed } from '../facts.ts';

/** The certificate that the distribution was deployed with; null for a stage with CloudFront's own. */
export const readCertificate = async ({ acm }: Clients, deployed: Deployed): Promise<Certificate | null> => {
  const [arn] = resourcesOf(deployed, 'AWS::CloudFront::Distribution').map((distribution) =>
    propertyOf(distribution, 'DistributionConfig', 'ViewerCertificate', 'AcmCertificateArn'),
  );
  if (typeof arn !== 'string') return null;
  const { Certificate: found } = await acm.send(new DescribeCertificateCommand({ CertificateArn: arn }));
  return { status: found?.Status ?? '', lastDay: found?.NotAfter?.toISOString().slice(0, 10) ?? null };
};
