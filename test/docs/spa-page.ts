import { createAuth0Client } from '@auth0/auth0-spa-js';
import { askForFace, finishReturn, renewSilently } from '../../docs/snippets/spa.ts';

/** The page of a single-page app that uses docs/snippets/spa.ts; the test clicks its buttons. */
const { domain = '', clientId = '', audience = '' } = document.body.dataset;
const output = document.createElement('output');

const show = (value: unknown): void => {
  output.textContent = JSON.stringify(value);
};

const button = (name: string, press: () => Promise<unknown>): HTMLButtonElement => {
  const element = document.createElement('button');
  element.textContent = name;
  element.onclick = () => void press().then(show);
  return element;
};

const start = async (): Promise<void> => {
  const auth0 = await createAuth0Client({
    domain,
    clientId,
    useRefreshTokens: true,
    authorizationParams: {
      redirect_uri: `${location.origin}/callback`,
      audience,
      scope: 'openid profile email offline_access',
    },
  });
  document.body.append(
    output,
    button('log in', () => auth0.loginWithRedirect({ appState: { returnTo: '/home' } })),
    button('step up', () => askForFace(auth0, '/transfer')),
    button('renew', () => renewSilently(auth0)),
  );
  if (location.pathname === '/callback') show(await finishReturn(auth0));
};

void start();
