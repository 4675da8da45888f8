import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { logins as texts } from '../text/en/logins.ts';
import { useAddress } from './use-address.ts';

/** Lists continue by cursor, which has no way back but the browser's; the cursor is in the address. */
export const Pager = ({ cursor, isShort }: { cursor: string | null; isShort: boolean }) => {
  const address = useAddress();
  return (
    <SpaceBetween size="xs">
      {isShort && cursor !== null && (
        <Box color="text-body-secondary" textAlign="center">
          {texts.short}
        </Box>
      )}
      <Box textAlign="center">
        <SpaceBetween direction="horizontal" size="xs">
          <Button disabled={address.of('cursor') === ''} onClick={() => address.set({ cursor: '' })}>
            {texts.first}
          </Button>
          <Button disabled={cursor === null} onClick={() => address.set({ cursor: cursor ?? '' })}>
            {texts.next}
          </Button>
        </SpaceBetween>
      </Box>
    </SpaceBetween>
  );
};

/** Text of an empty list. */
export const Empty = ({ title, text }: { title: string; text: string }) => (
  <Box textAlign="center" padding="l">
    <b>{title}</b>
    <Box variant="p">{text}</Box>
  </Box>
);
