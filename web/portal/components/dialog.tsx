import Modal from '@cloudscape-design/components/modal';
import type { ReactNode } from 'react';

/**
 * Every dialog of the portal: nothing else uses Cloudscape's. It is part of the page while it is open and no longer, since the
 * later one of two lies above: so what opens last is on top, takes the focus, and gives it back where it was. A dialog that is
 * always there and only hidden would open below one that was added after it.
 */
export const Dialog = (props: {
  title: string;
  /** Names the cross that closes it. */
  close: string;
  onClose: () => void;
  isLarge?: boolean;
  footer?: ReactNode;
  children: ReactNode;
}) => (
  <Modal
    visible
    header={props.title}
    closeAriaLabel={props.close}
    size={props.isLarge === true ? 'large' : 'medium'}
    onDismiss={props.onClose}
    footer={props.footer}
  >
    {props.children}
  </Modal>
);
