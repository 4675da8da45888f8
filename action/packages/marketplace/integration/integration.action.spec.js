const { onExecutePostLogin, onContinuePostLogin } = require('./integration.action');

const apiMock = () => {
  const denied = [];
  const claims = { setCustomClaim: () => {} };
  return {
    denied,
    api: {
      access: { deny: (reason) => denied.push(reason) },
      idToken: claims,
      accessToken: claims,
      redirect: {
        encodeToken: () => 'token',
        sendUserTo: () => {},
        validateToken: () => {
          throw new Error('The session token is invalid');
        },
      },
    },
  };
};

const eventOf = (secrets, query = {}) => ({
  transaction: { id: 'transaction', protocol: 'oidc-basic-profile' },
  request: { hostname: 'tenant.example', query, body: {} },
  user: { user_id: 'auth0|0123456789abcdef01234567' },
  client: { client_id: 'client' },
  configuration: {},
  secrets,
});

describe('Verified face factor', () => {
  it('denies a login when a setting is missing, instead of letting it pass', async () => {
    const { api, denied } = apiMock();
    await onExecutePostLogin(eventOf({}), api);
    expect(denied).toHaveLength(1);
    expect(denied[0]).toMatch(/^face_configuration/);
  });

  it('denies an answer that is not genuine', async () => {
    const { api, denied } = apiMock();
    await onContinuePostLogin(eventOf({}, { state: 'state' }), api);
    expect(denied).toHaveLength(1);
  });
});
