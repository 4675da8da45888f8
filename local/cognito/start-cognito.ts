import { createServer, type ServerResponse } from 'node:http';
import { createAwsJsonServer } from '../aws-wire/aws-json-server.ts';
import { ACCOUNT_ID, type CredentialStore } from '../aws-wire/credentials.ts';
import { listen, type RunningPart } from '../aws-wire/listen.ts';
import { idpOperations, type PoolSettings } from './idp-operations.ts';
import { LoginSessions } from './login-sessions.ts';
import { managedLogin } from './managed-login.ts';
import { PoolTokens } from './pool-tokens.ts';
import { type PoolMail, PoolUsers, type PoolUsersOptions } from './pool-users.ts';

export interface CognitoOptions {
  readonly credentials: CredentialStore;
  /** e.g. `us-east-1_AbCdEf123` */
  readonly poolId: string;
  /** Prefix of the login domain. */
  readonly domain: string;
  readonly clientId: string;
  /** The only address that browsers are sent back to, after signing in and out. */
  readonly appUrl: string;
  /** 1: the classic hosted UI, 2: managed login. */
  readonly managedLoginVersion: 1 | 2;
  /** What descriptions of the pool show; read at every call. By default as lib/constructs/operator-pool.ts deploys it. */
  readonly settings?: PoolSettings;
  readonly invitation?: PoolUsersOptions['invitation'];
  /** E-mails per UTC day; 50 by default. */
  readonly mailsPerDay?: number;
  /** Takes an e-mail; throws if it cannot be delivered. */
  readonly deliver: (mail: PoolMail) => void;
  readonly clockMs?: () => number;
}

export interface RunningCognito extends RunningPart {
  /** Issuer of the tokens; `url` is the endpoint of the API. */
  readonly issuer: string;
  /** Origin of the login domain. */
  readonly loginOrigin: string;
}

const AS_DEPLOYED: PoolSettings = { hasStyle: true, isMfaRequired: true, isSignUpOpen: false };

/** Default message templates of a pool (Cognito console, message templates). */
const DEFAULT_INVITATION = {
  subject: 'Your temporary password',
  body: 'Your username is {username} and temporary password is {####}.',
};

const sendJson = (response: ServerResponse, status: number, body: object): void => {
  response.writeHead(status, { 'content-type': 'application/json', 'access-control-allow-origin': '*' });
  response.end(JSON.stringify(body));
};

/** `/.well-known/openid-configuration` of a pool. */
const discovery = (issuer: string, login: string) => ({
  authorization_endpoint: `${login}/oauth2/authorize`,
  end_session_endpoint: `${login}/logout`,
  id_token_signing_alg_values_supported: ['RS256'],
  issuer,
  jwks_uri: `${issuer}/.well-known/jwks.json`,
  response_types_supported: ['code', 'token'],
  revocation_endpoint: `${login}/oauth2/revoke`,
  scopes_supported: ['openid', 'email', 'phone', 'profile'],
  subject_types_supported: ['public'],
  token_endpoint: `${login}/oauth2/token`,
  token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
  userinfo_endpoint: `${login}/oauth2/userInfo`,
});

const MAX_BODY_BYTES = 64 * 1024;

/**
 * A Cognito user pool of operators: the API calls that this project makes, and its login. For tests only: the local platform's
 * portal has the tenant as its issuer, like a deployment with `oidcIssuer`.
 */
export const startCognito = async (options: CognitoOptions): Promise<RunningCognito> => {
  const { credentials, poolId, clientId, managedLoginVersion, domain, clockMs = Date.now } = options;
  const invitation = options.invitation ?? DEFAULT_INVITATION;
  const policy = { temporaryPasswordDays: 7, minPasswordLength: 14, mailsPerDay: options.mailsPerDay ?? 50 };
  const users = new PoolUsers({ clockMs, invitation, deliver: options.deliver, ...policy });
  const api = createAwsJsonServer({
    credentials,
    target: 'AWSCognitoIdentityProviderService',
    iamPrefix: 'cognito-idp',
    operations: idpOperations(
      { poolId, clientId, domain, managedLoginVersion },
      options.settings ?? AS_DEPLOYED,
      users,
    ),
    accessOf: (_operation, { UserPoolId }) => ({
      resource: `arn:aws:cognito-idp:${poolId.split('_')[0]}:${ACCOUNT_ID}:userpool/${UserPoolId}`,
      context: {},
    }),
    maxBodyBytes: MAX_BODY_BYTES,
    clockMs,
  });
  let wellKnown: Readonly<Record<string, object>> = {};
  const server = createServer((request, response) => {
    if (request.method !== 'GET') return void api.emit('request', request, response);
    const document = wellKnown[request.url ?? ''];
    sendJson(response, document === undefined ? 404 : 200, document ?? { message: 'Not found' });
  });
  const idp = await listen(server, 0, 'Cognito');
  const issuer = `http://cognito-idp.localhost:${new URL(idp.url).port}/${poolId}`;
  const tokens = await PoolTokens.create({ issuer, clientId, clockMs });
  const client = { clientId, callbackUrls: [options.appUrl], logoutUrls: [options.appUrl] };
  const sessions = new LoginSessions(clockMs);
  const login = managedLogin({ client, version: managedLoginVersion, clockMs, users, tokens, sessions });
  const pages = await listen(createServer(login), 0, "Cognito's login");
  const loginOrigin = `http://${domain}.auth.localhost:${new URL(pages.url).port}`;
  wellKnown = {
    [`/${poolId}/.well-known/openid-configuration`]: discovery(issuer, loginOrigin),
    [`/${poolId}/.well-known/jwks.json`]: tokens.jwks,
  };
  return {
    url: idp.url,
    issuer,
    loginOrigin,
    close: async () => {
      await pages.close();
      await idp.close();
    },
  };
};
