import { createRoot } from 'react-dom/client';
import { SESSION_HANDLE_PATTERN } from '../../contract/api/routes.ts';
import { sessionApi } from './api.ts';
import { App } from './app.tsx';
import './styles.css';

const handle = location.hash.slice(1);
const root = document.getElementById('root');
if (root !== null) {
  root.setAttribute('role', 'main');
  // A handle of another form is sent as none: the service then answers that there is no such sign-in.
  createRoot(root).render(<App api={sessionApi(SESSION_HANDLE_PATTERN.test(handle) ? handle : '')} />);
}
