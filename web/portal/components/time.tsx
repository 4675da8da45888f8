import { useId, useState } from 'react';

const local = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });
const utc = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC' });

/** A time in the reader's zone, as plain text. `at`: epoch seconds. */
export const timeText = (at: number): string => local.format(new Date(at * 1000));

/** A time in the reader's zone; in UTC on hover and on focus. `at`: epoch seconds; null shows a dash. */
export const Time = ({ at }: { readonly at: number | null }) => {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  if (at === null) return <>–</>;
  const moment = new Date(at * 1000);
  const inUtc = `${utc.format(moment)} UTC`;
  const show = () => setOpen(true);
  const hide = () => setOpen(false);
  return (
    <span className="time">
      <time
        dateTime={moment.toISOString()}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the UTC time has to be reachable by keyboard.
        tabIndex={0}
        aria-describedby={isOpen ? id : undefined}
        onMouseEnter={show}
        onMouseLeave={hide}
        onFocus={show}
        onBlur={hide}
        onKeyDown={({ key }) => (key === 'Escape' ? hide() : undefined)}
      >
        {local.format(moment)}
      </time>
      {isOpen && (
        <span id={id} role="tooltip" className="time-utc">
          {inUtc}
        </span>
      )}
    </span>
  );
};
