import { createRoot } from 'react-dom/client';
import { speak } from './languages.ts';
import { keepScheme, type Scheme } from './scheme.ts';

// A single screen: `?group=capture&name=enroll&language=en&direction=ltr`.
const query = new URLSearchParams(location.search);
const name = query.get('name') ?? '';
const language = query.get('language') ?? 'en';
keepScheme(query.get('scheme') as Scheme);
if (parent !== window) {
  // A screen may take the focus; the gallery around it stays where it is.
  const { focus } = HTMLElement.prototype;
  HTMLElement.prototype.focus = function (options) {
    focus.call(this, { ...options, preventScroll: true });
  };
}
document.documentElement.dir = query.get('direction') ?? 'ltr';
if (language.length === 2) document.documentElement.lang = language;

const showCapture = async (root: HTMLElement): Promise<void> => {
  await import('../../web/capture/styles.css');
  const { CAPTURE_SCREENS } = await import('../support/capture-screens.tsx');
  root.setAttribute('role', 'main');
  createRoot(root).render(CAPTURE_SCREENS[name]);
};

const showPortal = async (root: HTMLElement): Promise<void> => {
  const { showPortalScreen } = await import('./show-portal-screen.tsx');
  await showPortalScreen(root, name);
};

await speak(language);
const root = document.getElementById('root');
if (root !== null) await (query.get('group') === 'portal' ? showPortal : showCapture)(root);
