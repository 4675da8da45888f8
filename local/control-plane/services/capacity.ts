import { AwsError } from '../../aws-wire/aws-error.ts';
import { allOf, findNamed, type Model } from '../model.ts';
import { jsonService, restJsonService } from '../protocols.ts';

const reservedOf = (model: Model, region: string): number =>
  allOf(model, 'AWS::Lambda::Function')
    .filter((fn) => fn.region === region)
    .reduce((sum, { properties }) => sum + Number(properties['ReservedConcurrentExecutions'] ?? 0), 0);

/** Lambda's limits (Lambda API reference, GetAccountSettings, GetFunctionConcurrency). */
export const lambda = restJsonService([
  {
    path: /^\/2016-08-19\/account-settings\/?$/,
    iamAction: 'lambda:GetAccountSettings',
    run: (_name, { model, region }) => ({
      AccountLimit: {
        ConcurrentExecutions: model.concurrencyLimit,
        UnreservedConcurrentExecutions: model.concurrencyLimit - reservedOf(model, region),
      },
    }),
  },
  {
    path: /^\/2019-09-30\/functions\/([\w-]+)\/concurrency$/,
    iamAction: 'lambda:GetFunctionConcurrency',
    run: (name, { model }) => {
      const fn = findNamed(model, 'AWS::Lambda::Function', name);
      if (fn === null) throw new AwsError('ResourceNotFoundException', 'Function not found', 404);
      const { ReservedConcurrentExecutions } = fn.properties;
      return ReservedConcurrentExecutions === undefined ? {} : { ReservedConcurrentExecutions };
    },
  },
]);

/** Service Quotas (API reference, ListServiceQuotas). */
export const serviceQuotas = jsonService('servicequotas', {
  ListServiceQuotas: ({ ServiceCode }, { model }) => ({
    Quotas: model.rekognitionQuotas.map(({ name, value }) => ({ ServiceCode, QuotaName: name, Value: value })),
  }),
});

/** Rekognition without a collection (Amazon Rekognition API reference, ListCollections). */
export const rekognition = jsonService('rekognition', {
  ListCollections: () => ({ CollectionIds: [], FaceModelVersions: [] }),
});

/** Certificates (ACM API reference, DescribeCertificate). */
export const acm = jsonService('acm', {
  DescribeCertificate: ({ CertificateArn }, { model }) => {
    const found = model.certificates[String(CertificateArn)];
    if (found === undefined) throw new AwsError('ResourceNotFoundException', 'Could not find certificate.');
    return { Certificate: { CertificateArn, Status: found.status, NotAfter: found.endsAtMs / 1000 } };
  },
});

/** SES (Amazon SES API v2 reference, GetAccount, GetEmailIdentity). */
export const ses = restJsonService([
  {
    path: /^\/v2\/email\/account$/,
    iamAction: 'ses:GetAccount',
    run: (_name, { model: { mail } }) => ({
      ProductionAccessEnabled: mail.isInProduction,
      SendingEnabled: mail.isSending,
      EnforcementStatus: 'HEALTHY',
    }),
  },
  {
    path: /^\/v2\/email\/identities\/(.+)$/,
    iamAction: 'ses:GetEmailIdentity',
    run: (name, { model: { mail } }) => {
      const isVerified = mail.identities[name];
      if (isVerified === undefined) throw new AwsError('NotFoundException', 'Email identity does not exist.', 404);
      return { IdentityType: name.includes('@') ? 'EMAIL_ADDRESS' : 'DOMAIN', VerifiedForSendingStatus: isVerified };
    },
  },
]);
