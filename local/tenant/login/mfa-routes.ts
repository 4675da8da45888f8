import type { Express, Request, Response } from 'express';
import type { Interaction } from 'oidc-provider';
import type { ActionsProvider } from '../openid/provider.ts';
import { oneTimeCodePage } from '../pages/pages.ts';
import { sendPage, textOf } from '../pages/respond.ts';
import type { TenantUserStore } from '../user-store.ts';
import type { BrowserBinding } from './browser-binding.ts';
import type { Journal } from './journal.ts';
import { OneTimeCodes } from './one-time-codes.ts';

/** What the tenant's own second step works with. */
export interface MfaPorts {
  readonly tenant: ActionsProvider;
  readonly binding: BrowserBinding;
  readonly users: TenantUserStore;
  readonly journal: Journal;
  readonly clockMs: () => number;
}

const PATH = '/u/mfa-email-challenge';
const OVER = 'Go back to the application and log in again.';

/** Adds the tenant's own second step, which runs after all Actions: a code by e-mail, here on the tenant's console. */
export const addMfaRoutes = (app: Express, ports: MfaPorts): void => {
  const { tenant, binding, users, journal } = ports;
  const codes = new OneTimeCodes(ports.clockMs);
  const withStep =
    (handle: (request: Request, response: Response, step: Interaction) => Promise<void>) =>
    async (request: Request, response: Response): Promise<void> => {
      const uid = textOf(request.query['state']);
      const step = binding.isStarter(uid, request.headers.cookie) ? await tenant.find(uid) : undefined;
      if (step?.prompt.name !== 'mfa') return sendPage(response, 400, 'This login is over', OVER);
      return handle(request, response, step);
    };
  const show = (response: Response, step: Interaction, error: string | null): void => {
    const email = users.find(step.session?.accountId ?? '')?.email ?? '';
    const code = codes.issue(step.uid);
    if (code !== null) journal.add({ kind: 'code', email, code });
    sendPage(response, error === null ? 200 : 400, oneTimeCodePage(step.uid, email, error));
  };
  app.get(
    PATH,
    withStep(async (_request, response, step) => show(response, step, null)),
  );
  app.post(
    PATH,
    withStep(async (request, response, step) => {
      const typed = textOf((request.body as Record<string, unknown> | undefined)?.['code']).trim();
      if (!codes.redeem(step.uid, typed))
        return show(response, step, 'This code is wrong or too old. Use the newest one.');
      binding.release(step.uid);
      return response.redirect(303, await tenant.finishMfa(step));
    }),
  );
};

/** Address of the step that waits for a code. */
export const mfaAddress = (uid: string): string => `${PATH}?state=${uid}`;
