import { ACTION_FILE_NAME, PORTAL_PAGE_PATH } from '../../../contract/api/portal/sign-in.ts';
import { CallError } from './client.ts';

/** Where the Action of this deployment lies. */
export const ACTION_FILE_PATH = `${PORTAL_PAGE_PATH}${ACTION_FILE_NAME}`;

/** The Action as Auth0 takes it. @throws CallError */
export const readActionFile = async (signal: AbortSignal): Promise<string> => {
  const response = await fetch(ACTION_FILE_PATH, { credentials: 'omit', cache: 'no-cache', signal }).catch(() => {
    throw new CallError('offline');
  });
  const isScript = response.headers.get('content-type')?.includes('javascript') === true;
  if (!response.ok || !isScript) throw new CallError('unreadable-answer');
  return response.text();
};
