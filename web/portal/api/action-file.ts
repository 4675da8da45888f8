import { ACTION_FILE_NAME, PORTAL_PAGE_PATH } from '../../../contract/api/portal/sign-in.ts';
import { CallError } from './client.ts';

/** Path of this deployment's Action. */
export const ACTION_FILE_PATH = `${PORTAL_PAGE_PATH}${ACTION_FILE_NAME}`;

/** The Action's code, as pasted into Auth0. @throws CallError */
export const readActionFile = async (signal: AbortSignal): Promise<string> => {
  const response = await fetch(ACTION_FILE_PATH, { credentials: 'omit', cache: 'no-cache', signal }).catch(() => {
    throw new CallError('offline');
  });
  const isScript = response.headers.get('content-type')?.includes('javascript') === true;
  if (!response.ok || !isScript) throw new CallError('unreadable-answer');
  return response.text();
};
