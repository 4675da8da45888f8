import { createContext, useContext } from 'react';
import type { Me } from '../../../contract/api/portal/me.ts';
import type { Permission } from '../../../contract/api/portal/permissions.ts';
import { PERMISSION_ROLES } from '../../../contract/api/portal/permissions.ts';
import type { PortalApi } from '../api/client.ts';

/** What every page of a signed-in operator can use. */
export interface Portal {
  readonly me: Me;
  readonly api: PortalApi;
  /** Call it after a change of something in the top bar, e.g. the account's name. */
  readonly reloadMe: () => void;
  /**
   * Shows a short message at the top of the page, which screen readers announce; it disappears with the page.
   * @param path where the action leads to, if it leaves this page: the message belongs to that page
   */
  readonly announce: (message: string, path?: string) => void;
}

export const PortalContext = createContext<Portal | null>(null);

export const usePortal = (): Portal => {
  const portal = useContext(PortalContext);
  if (portal === null) throw new Error('only below the shell');
  return portal;
};

/** Whether the operator's role allows it; the service checks again. */
export const useMay = (permission: Permission): boolean => PERMISSION_ROLES[permission].includes(usePortal().me.role);
