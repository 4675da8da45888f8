import Box from '@cloudscape-design/components/box';
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import { shownOnce as texts } from '../text/en/shown-once.ts';

/** A labelled value with a copy button. */
export const CopyValue = ({ label, value }: { label: string; value: string }) => (
  <div>
    <Box variant="awsui-key-label">{label}</Box>
    <CopyToClipboard
      variant="inline"
      textToCopy={value}
      copyButtonAriaLabel={texts.copyOf(label)}
      copySuccessText={texts.copied}
      copyErrorText={texts.notCopied}
    />
  </div>
);
