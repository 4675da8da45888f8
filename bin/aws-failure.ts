/** What an error of the SDK says that is of use here. */
interface AwsFailure {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
}

const REFUSED = [
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
];
const UNREACHED = ['ENOTFOUND', 'ECONNREFUSED', 'ECONNRESET', 'EAI_AGAIN', 'ETIMEDOUT', 'TimeoutError'];

/** Name, message and code of anything that was thrown; empty where it has none. */
export const failureOf = (error: unknown): Required<AwsFailure> => ({
  name: '',
  message: '',
  code: '',
  ...Object.fromEntries(
    Object.entries({
      name: Reflect.get(Object(error), 'name'),
      message: Reflect.get(Object(error), 'message'),
      code: Reflect.get(Object(error), 'code'),
    }).filter(([, value]) => typeof value === 'string'),
  ),
});

/** One sentence for a failure that every service of AWS may answer with; null for any other. It repeats no text of the service. */
export const explainAwsFailure = (error: unknown, region: string): string | null => {
  const { name, code } = failureOf(error);
  if (name === 'CredentialsProviderError') {
    return 'There are no AWS credentials: set AWS_PROFILE, or sign in (aws sso login), as for a deployment.';
  }
  if (REFUSED.includes(name)) return `AWS does not accept these credentials (${name}): sign in again.`;
  if ([code, name].some((each) => UNREACHED.includes(each))) {
    return `Nothing answers for ${region} (${code || name}): is the region right, and can this machine reach AWS?`;
  }
  return null;
};
