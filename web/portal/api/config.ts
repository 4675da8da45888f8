import { PORTAL_PAGE_PATH, PortalConfig } from '../../../contract/api/portal/sign-in.ts';
import { readAnswer } from '../../../contract/api/read-answer.ts';
import { CallError } from './client.ts';

/** Where operators sign in, from the deployment's configuration. @throws CallError */
export const readConfig = async (): Promise<PortalConfig> => {
  const response = await fetch(`${PORTAL_PAGE_PATH}config.json`, { credentials: 'omit', cache: 'no-cache' }).catch(
    () => {
      throw new CallError('offline');
    },
  );
  const config = readAnswer(PortalConfig, await response.json().catch(() => null));
  if (!config.success) throw new CallError('unreadable-answer');
  return config.data;
};
