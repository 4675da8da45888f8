import Modal from '@cloudscape-design/components/modal';
import type { ReactNode } from 'react';

/**
 * Every dialog of the portal: nothing else uses Cloudscape's Modal. It is rendered only while it is open, since the
 * later one of two is above: so the last one opened is on top, takes the focus, and returns it. A dialog that is
 * always rendered and only hidden would open below one that was added later.
 */
export const Dialog = (props: {
  title: string;
  /** Label of the close button. */
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
