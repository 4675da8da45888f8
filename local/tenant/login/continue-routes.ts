import type { Express, Request, Response } from 'express';
import type { ActionRequest } from '../actions/action-event.ts';
import type { ActionsProvider } from '../openid/provider.ts';
import { sendPage, textOf } from '../pages/respond.ts';
import type { BrowserBinding } from './browser-binding.ts';
import type { LoginPipeline } from './login-pipeline.ts';

/** What the return from an Action's redirect works with. */
export interface ContinuePorts {
  readonly tenant: ActionsProvider;
  readonly binding: BrowserBinding;
  readonly pipeline: LoginPipeline;
  readonly hostname: string;
}

const REFUSED = 'This login is unknown here, over, or was started in another browser.';

const requestOf = (request: Request, hostname: string): ActionRequest => ({
  hostname,
  ip: request.socket.remoteAddress ?? '127.0.0.1',
  method: request.method,
  query: { ...request.query },
  body: { ...(request.body as Record<string, unknown> | undefined) },
  user_agent: request.get('user-agent') ?? '',
  geoip: {},
});

/** Adds `/continue`, GET and POST: resumes the login that waits for `state`, once, in the browser that started it. */
export const addContinueRoutes = (app: Express, ports: ContinuePorts): ((state: string, uid: string) => void) => {
  const { tenant, binding, pipeline, hostname } = ports;
  const waiting = new Map<string, string>();
  const resume = async (request: Request, response: Response): Promise<void> => {
    const state = textOf(request.query['state']);
    const uid = waiting.get(state);
    // The browser is checked before anything is used up: a stranger's click must not end the login.
    if (uid === undefined || !binding.isStarter(uid, request.headers.cookie)) {
      return sendPage(response, 400, 'invalid_request', REFUSED);
    }
    waiting.delete(state);
    const interaction = await tenant.find(uid);
    const result = await pipeline.resume(state, requestOf(request, hostname));
    if (interaction === undefined || result === null) return sendPage(response, 400, 'invalid_request', REFUSED);
    if (result.kind === 'redirect') {
      waiting.set(result.state, uid);
      return response.redirect(302, result.url);
    }
    binding.release(uid);
    return response.redirect(303, await tenant.finishActions(interaction, result));
  };
  app.get('/continue', resume);
  app.post('/continue', resume);
  return (state, uid) => void waiting.set(state, uid);
};
