import { z } from 'zod';
import { AwsError } from '../aws-wire/aws-error.ts';
import type { Operation } from '../aws-wire/aws-json-server.ts';
import type { PoolUser, PoolUsers } from './pool-users.ts';

export interface PoolNames {
  readonly poolId: string;
  readonly clientId: string;
  /** Prefix of the login domain. */
  readonly domain: string;
  /** 1: the classic hosted UI, 2: managed login. */
  readonly managedLoginVersion: 1 | 2;
}

/** Settings of a pool that only descriptions of it show. */
export interface PoolSettings {
  /** Whether the client's managed login pages have a style. */
  readonly hasStyle: boolean;
  readonly isMfaRequired: boolean;
  readonly isSignUpOpen: boolean;
}

const Attributes = z
  .array(z.strictObject({ Name: z.string().regex(/^[\w:]{1,32}$/), Value: z.string().max(2048).default('') }))
  .default([]);
const Target = { UserPoolId: z.string().regex(/^[\w-]+_[0-9a-zA-Z]+$/), Username: z.string().min(1).max(128) };
const CreateInput = z.strictObject({
  ...Target,
  UserAttributes: Attributes,
  TemporaryPassword: z.string().max(256).optional(),
  ForceAliasCreation: z.boolean().optional(),
  MessageAction: z.enum(['RESEND', 'SUPPRESS']).optional(),
  // As the API reference has it: without a delivery medium there is no e-mail.
  DesiredDeliveryMediums: z.array(z.enum(['SMS', 'EMAIL'])).default(['SMS']),
});
const GetInput = z.strictObject(Target);
const UpdateInput = z.strictObject({ ...Target, UserAttributes: Attributes });
const DomainInput = z.strictObject({ Domain: z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/) });

const PoolInput = z.strictObject({ UserPoolId: Target.UserPoolId });
const BrandingInput = z.strictObject({ ...PoolInput.shape, ClientId: z.string().min(1).max(128) });
/** Of the filters only the one by status is known here. */
const ListInput = z.strictObject({
  ...PoolInput.shape,
  Limit: z.int().min(0).max(60).default(60),
  Filter: z.literal('cognito:user_status = "CONFIRMED"').optional(),
  PaginationToken: z.string().min(1).optional(),
});

const parse = <T extends z.ZodType>(schema: T, input: unknown): z.infer<T> => {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const { path = [], message = '' } = result.error.issues[0] ?? {};
  throw new AwsError('InvalidParameterException', `1 validation error detected: '${path.join('.')}' ${message}`);
};

const invalid = (message: string): AwsError => new AwsError('InvalidParameterException', message);

const attributesOf = ({ email, isEmailVerified, sub }: PoolUser) => [
  { Name: 'email', Value: email },
  { Name: 'email_verified', Value: String(isEmailVerified) },
  { Name: 'sub', Value: sub },
];

const viewOf = (user: PoolUser) => ({
  Username: user.sub,
  UserCreateDate: user.createdAtMs / 1000,
  UserLastModifiedDate: user.createdAtMs / 1000,
  Enabled: true,
  UserStatus: user.status,
});

/** The attributes known here. Any other is refused, although the service would accept one that is in its schema. */
const readAttributes = (attributes: z.infer<typeof Attributes>) => {
  const unknown = attributes.find(({ Name }) => !['email', 'email_verified'].includes(Name));
  if (unknown !== undefined) throw invalid(`Attributes did not conform to the schema: ${unknown.Name}`);
  const read = (name: string): string | null => attributes.find(({ Name }) => Name === name)?.Value ?? null;
  return { email: read('email'), isEmailVerified: read('email_verified') === 'true' };
};

const create = (users: PoolUsers, input: z.infer<typeof CreateInput>): PoolUser => {
  const { Username, UserAttributes, TemporaryPassword = null, MessageAction, DesiredDeliveryMediums } = input;
  if (!z.email().safeParse(Username).success) throw invalid('Username should be an email.');
  const { email, isEmailVerified } = readAttributes(UserAttributes);
  if (email !== null && email.toLowerCase() !== Username.toLowerCase()) {
    throw invalid('Username and email attribute do not match.');
  }
  const isSilent = MessageAction === 'SUPPRESS';
  if (isEmailVerified && email === null) throw invalid('Email is required when email_verified is true.');
  if (!isSilent && DesiredDeliveryMediums.includes('SMS')) throw invalid('User has no phone number.');
  if (!isSilent && email === null) throw invalid('Email is required when it is a delivery medium.');
  if (MessageAction === 'RESEND') return users.inviteAgain(Username);
  return users.invite(Username, isEmailVerified, TemporaryPassword, isSilent);
};

/** A page of users; the token is the place of the next one. */
const listUsers = (users: PoolUsers, { Limit, Filter, PaginationToken }: z.infer<typeof ListInput>) => {
  const matching = users.all().filter(({ status }) => Filter === undefined || status === 'CONFIRMED');
  const from = Number(PaginationToken ?? 0);
  const page = matching.slice(from, from + Limit).map((user) => ({ ...viewOf(user), Attributes: attributesOf(user) }));
  return { Users: page, ...(from + Limit < matching.length ? { PaginationToken: String(from + Limit) } : {}) };
};

/** Descriptions of the pool, without anything that users or their calls change. */
const descriptions = (
  names: PoolNames,
  settings: PoolSettings,
  checkPool: (poolId: string) => void,
): Readonly<Record<string, Operation>> => ({
  DescribeUserPool: (input) => {
    checkPool(parse(PoolInput, input).UserPoolId);
    return {
      UserPool: {
        Id: names.poolId,
        MfaConfiguration: settings.isMfaRequired ? 'ON' : 'OFF',
        AdminCreateUserConfig: { AllowAdminCreateUserOnly: !settings.isSignUpOpen },
      },
    };
  },
  DescribeUserPoolDomain: (input) => {
    const { Domain } = parse(DomainInput, input);
    // An unknown domain is not an error, and its description is empty.
    if (Domain !== names.domain) return { DomainDescription: {} };
    const { poolId: UserPoolId, managedLoginVersion: ManagedLoginVersion } = names;
    return { DomainDescription: { Domain, UserPoolId, Status: 'ACTIVE', ManagedLoginVersion } };
  },
  DescribeManagedLoginBrandingByClient: (input) => {
    const { UserPoolId, ClientId } = parse(BrandingInput, input);
    checkPool(UserPoolId);
    if (ClientId !== names.clientId || !settings.hasStyle) {
      throw new AwsError('ResourceNotFoundException', 'Managed login branding does not exist.');
    }
    return { ManagedLoginBranding: { UserPoolId, UseCognitoProvidedValues: true } };
  },
});

/**
 * The calls of Amazon Cognito's user pools API that this project makes.
 * Source: Amazon Cognito user pools API reference, AdminCreateUser and related calls. What it does not say (error codes of RESEND, a
 * user that remains although its e-mail failed) follows reports: aws/aws-sdk#438, floci-io/floci#755.
 */
export const idpOperations = (
  names: PoolNames,
  settings: PoolSettings,
  users: PoolUsers,
): Readonly<Record<string, Operation>> => {
  const userOf = ({ UserPoolId, Username }: z.infer<typeof GetInput>): PoolUser => {
    checkPool(UserPoolId);
    const user = users.find(Username);
    if (user === null) throw new AwsError('UserNotFoundException', 'User does not exist.');
    return user;
  };
  const checkPool = (poolId: string): void => {
    if (poolId !== names.poolId) {
      throw new AwsError('ResourceNotFoundException', `User pool ${poolId} does not exist.`);
    }
  };
  return {
    AdminCreateUser: (input) => {
      const request = parse(CreateInput, input);
      checkPool(request.UserPoolId);
      const user = create(users, request);
      return { User: { ...viewOf(user), Attributes: attributesOf(user) } };
    },
    AdminGetUser: (input) => {
      const user = userOf(parse(GetInput, input));
      return { ...viewOf(user), UserAttributes: attributesOf(user) };
    },
    AdminUpdateUserAttributes: (input) => {
      const { UserAttributes, ...target } = parse(UpdateInput, input);
      const user = userOf(target);
      const { email, isEmailVerified } = readAttributes(UserAttributes);
      if (email !== null && email.toLowerCase() !== user.email) throw invalid('Not known here: a change of address.');
      user.isEmailVerified = isEmailVerified;
      return {};
    },
    ListUsers: (input) => {
      const request = parse(ListInput, input);
      checkPool(request.UserPoolId);
      return listUsers(users, request);
    },
    ...descriptions(names, settings, checkPool),
  };
};
