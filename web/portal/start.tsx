import '@cloudscape-design/global-styles/index.css';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { startSession } from './session/start-session.ts';
import { applyStoredAppearance } from './shell/appearance.ts';
import './styles.css';

applyStoredAppearance();
const root = document.getElementById('root');
if (root !== null) createRoot(root).render(<App started={startSession()} />);
