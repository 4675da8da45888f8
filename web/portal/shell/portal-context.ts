import { createContext, useContext } from 'react';
import type { Me } from '../../../contract/api/portal/me.ts';
import type { Permission } from '../../../contract/api/portal/permissions.ts';
import { PERMISSION_ROLES } from '../../../contract/api/portal/permissions.ts';
import type { PortalApi } from '../api/client.ts';

/** What every page of a signed-in operator can use. */
export interface Portal {
  readonly me: Me;
  readonly api: PortalApi;
  /** After a change of what the top bar shows, e.g. the account's name. */
  readonly reloadMe: () => void;
  /**
   * A short message at the top of the page, read out; it is gone with the page.
   * @param path where the act leads to, if it leaves this page: the message is of that page
   */
  readonly announce: (message: string, path?: string) => void;
}

export const PortalContext = createContext<Portal | null>(null);

export const usePortal = (): Portal => {
  const portal = useContext(PortalContext);
  if (portal === null) throw new Error('only below the shell');
  return portal;
};

/** Whether the person's role allows it; the service checks again. */
export const useMay = (permission: Permission): boolean => PERMISSION_ROLES[permission].includes(usePortal().me.role);
