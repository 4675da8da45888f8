import { type Auth0Client, GenericError } from '@auth0/auth0-spa-js';
import { FACE_ACR, type SecondFactor, secondFactorOf } from './second-factor.ts';

const NAMESPACE = 'https://authid.ai/claims/';

/** What the user was doing, to be resumed. */
export interface AppState {
  readonly returnTo: string;
}

/** How a step-up came back. `factor` is null if no face was checked, whatever was requested. */
export type Return =
  | { readonly kind: 'back'; readonly returnTo: string; readonly factor: SecondFactor | null }
  | { readonly kind: 'refused'; readonly text: string };

/** Sends the user to the face check; call it from a button, never on an error. */
export const askForFace = (auth0: Auth0Client, returnTo: string): Promise<void> =>
  auth0.loginWithRedirect<AppState>({ authorizationParams: { acr_values: FACE_ACR }, appState: { returnTo } });

/** On the callback page. A denial is shown and ends here: a route guard that logs in again on a denial would loop. */
export const finishReturn = async (auth0: Auth0Client): Promise<Return> => {
  try {
    const { appState } = await auth0.handleRedirectCallback<AppState>();
    const claims = (await auth0.getIdTokenClaims()) ?? {};
    return { kind: 'back', returnTo: appState?.returnTo ?? '/', factor: secondFactorOf(claims, NAMESPACE) };
  } catch (error) {
    if (error instanceof GenericError && error.error === 'access_denied') {
      return { kind: 'refused', text: error.error_description };
    }
    throw error;
  }
};

/** Answers that mean: the user has to press a button. `access_denied`: the tenant renews no login that had no face check. */
const NEEDS_A_PERSON = [
  'login_required',
  'interaction_required',
  'missing_refresh_token',
  'invalid_grant',
  'access_denied',
];

/** A fresh access token without the user, or null if that is not possible. */
export const renewSilently = async (auth0: Auth0Client): Promise<string | null> => {
  try {
    return (await auth0.getTokenSilently({ cacheMode: 'off' })) ?? null;
  } catch (error) {
    if (error instanceof GenericError && NEEDS_A_PERSON.includes(error.error)) return null;
    throw error;
  }
};
