import type { ActionEffects } from './action-effects.ts';
import type { ActionEvent } from './action-event.ts';
import { isClaimAllowed } from './custom-claims.ts';
import { createRedirectApi } from './redirect-api.ts';

/** Limits of Auth0 (Actions limitations; refresh token metadata). */
const TRANSACTION_METADATA = { keyCharacters: 64, valueBytes: 8192, totalBytes: 16_384 } as const;
const REFRESH_TOKEN_METADATA = { entries: 25, characters: 255 } as const;

const claimSetter = (claims: Map<string, unknown>, effects: ActionEffects, self: () => object) => ({
  setCustomClaim: (name: string, value: unknown): object => {
    if (name === 'scope') throw new Error('Cannot set the "scope" claim');
    if (isClaimAllowed(name)) claims.set(name, value);
    else effects.droppedClaims.push(name);
    return self();
  },
});

const setTransactionMetadata = (effects: ActionEffects, name: string, value: unknown): void => {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
    throw new Error('Transaction metadata is a string, a number or a boolean');
  const { keyCharacters, valueBytes, totalBytes } = TRANSACTION_METADATA;
  if (name.length > keyCharacters || Buffer.byteLength(String(value)) > valueBytes)
    throw new Error('Transaction metadata is too large');
  const others = [...effects.transactionMetadata].filter(([known]) => known !== name);
  const size = [...others, [name, value]].reduce((sum, pair) => sum + Buffer.byteLength(pair.join('')), 0);
  if (size > totalBytes) throw new Error('Transaction metadata is too large');
  effects.transactionMetadata.set(name, value);
};

const setRefreshTokenMetadata = (effects: ActionEffects, name: string, value: unknown): void => {
  const { entries, characters } = REFRESH_TOKEN_METADATA;
  if (typeof value !== 'string' || value.length > characters || name.length > characters)
    throw new Error(`Refresh token metadata is text of at most ${characters} characters`);
  if (effects.refreshTokenMetadata.size >= entries && !effects.refreshTokenMetadata.has(name))
    throw new Error(`A refresh token has at most ${entries} metadata entries`);
  effects.refreshTokenMetadata.set(name, value);
};

const recordMethod = (effects: ActionEffects, isContinue: boolean, address: string): void => {
  if (!isContinue) throw new Error('recordMethod is available in onContinuePostLogin only');
  if (!/^https?:\/\//.test(address) || !URL.canParse(address))
    throw new Error('The provider URL must be http or https');
  effects.recordedMethods.push(address);
};

/**
 * The `api` of one call of a post-login handler.
 * @param isContinue true in `onContinuePostLogin`, the only handler that may record methods
 * @param nowSeconds time of the tokens that the handler creates and checks
 */
export const createActionApi = (
  event: ActionEvent,
  effects: ActionEffects,
  isContinue: boolean,
  nowSeconds: number,
): object => {
  const self = (): object => api;
  const chained =
    <Parameters extends readonly unknown[]>(act: (...parameters: Parameters) => void) =>
    (...parameters: Parameters): object => {
      act(...parameters);
      return api;
    };
  const api: object = {
    access: {
      deny: chained((reason: string) => {
        effects.denied ??= String(reason);
      }),
    },
    authentication: { recordMethod: chained((url: string) => recordMethod(effects, isContinue, url)) },
    idToken: claimSetter(effects.idTokenClaims, effects, self),
    accessToken: claimSetter(effects.accessTokenClaims, effects, self),
    refreshToken: {
      setMetadata: chained((name: string, value: unknown) => setRefreshTokenMetadata(effects, name, value)),
    },
    transaction: {
      setMetadata: chained((name: string, value: unknown) => setTransactionMetadata(effects, name, value)),
    },
    user: {
      setAppMetadata: chained((name: string, value: unknown) => void effects.appMetadata.set(name, value)),
      setUserMetadata: chained((name: string, value: unknown) => void effects.userMetadata.set(name, value)),
    },
    multifactor: {
      enable: chained((provider: string, options: { allowRememberBrowser?: boolean } = {}) => {
        effects.multifactor = { provider: String(provider), canRemember: options.allowRememberBrowser !== false };
      }),
    },
    // Accepted without effect: this tenant does not support SAML.
    samlResponse: { setAttribute: chained((_name: string, _value: unknown) => {}) },
    redirect: createRedirectApi(event, effects, isContinue, nowSeconds, self),
  };
  return api;
};
