import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Checkbox from '@cloudscape-design/components/checkbox';
import FormField from '@cloudscape-design/components/form-field';
import {
  deliveredName,
  EVENT_TYPES,
  type EventName,
  type EventType,
} from '../../../../contract/api/portal/webhook-events.ts';
import { webhooks as webhooksTexts } from '../../text/en/webhooks.ts';

const texts = webhooksTexts.form;

/** The list with one event under `name`, or without it; the others keep the names under which they are listed. */
const withEvent = (names: readonly EventName[], type: EventType, name: EventName | null): EventName[] =>
  EVENT_TYPES.flatMap((each) => {
    const listed = each === type ? name : deliveredName(names, each);
    return listed === null ? [] : [listed];
  });

/**
 * Events of a webhook. A renamed event is offered under its current name; a webhook that still receives it under
 * the former name shows that, and can be switched once its receiver knows the current one.
 */
export const EventChoice = (props: { events: readonly EventName[]; onChange: (events: EventName[]) => void }) => {
  const { events, onChange } = props;
  return (
    <FormField label={texts.events}>
      {EVENT_TYPES.map((type) => {
        const listed = deliveredName(events, type);
        return (
          <div key={type}>
            <Checkbox
              checked={listed !== null}
              description={listed ?? type}
              onChange={({ detail }) => onChange(withEvent(events, type, detail.checked ? type : null))}
            >
              {texts.event[type]}
            </Checkbox>
            {listed !== null && listed !== type && (
              <Box margin={{ left: 'xl' }} fontSize="body-s">
                {texts.former(listed)}{' '}
                <Button variant="inline-link" onClick={() => onChange(withEvent(events, type, type))}>
                  {texts.switchTo(type)}
                </Button>
              </Box>
            )}
          </div>
        );
      })}
    </FormField>
  );
};
