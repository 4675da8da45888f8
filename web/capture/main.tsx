import { createRoot } from 'react-dom/client';
import type { SessionView } from '../../contract/api/session.ts';
import { SESSION_HANDLE_PATTERN } from '../../contract/api/session-handle.ts';
import { sessionApi } from './api.ts';
import { App } from './app.tsx';
import { Boundary } from './boundary.tsx';
import { Camera } from './camera.ts';
import { mendMatchMedia } from './features.ts';
import './styles.css';

const handle = location.hash.slice(1);
const root = document.getElementById('root');
if (root !== null) {
  mendMatchMedia();
  // A malformed handle is sent as an empty one: the service then answers that there is no such sign-in.
  const api = sessionApi(SESSION_HANDLE_PATTERN.test(handle) ? handle : '');
  const tools = { api, camera: new Camera(navigator.mediaDevices) };
  let lastView: SessionView | null = null;
  const keep = (view: SessionView): void => {
    lastView = view;
  };
  createRoot(root).render(
    <Boundary api={api} lastView={() => lastView}>
      <App tools={tools} onView={keep} />
    </Boundary>,
  );
}
