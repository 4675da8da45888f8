import FormField from '@cloudscape-design/components/form-field';
import Select from '@cloudscape-design/components/select';
import { lazy, Suspense } from 'react';
import { logins as texts } from '../text/en/logins.ts';
import { type Address, useAddress } from './use-address.ts';

const HOUR = 3600;
const SPANS = { day: 24 * HOUR, week: 7 * 24 * HOUR, month: 30 * 24 * HOUR, quarter: 90 * 24 * HOUR } as const;
// The calendar weighs 20 kB, so it is loaded only on request.
const OwnDays = lazy(() => import('./own-days.tsx').then(({ OwnDays }) => ({ default: OwnDays })));
type Span = keyof typeof SPANS | 'own';

/** Start or end of a day in the reader's zone. `day`: YYYY-MM-DD */
const secondsOf = (day: string, time: 'T00:00:00' | 'T23:59:59'): number | null => {
  const ms = Date.parse(`${day}${time}`);
  return Number.isNaN(ms) ? null : Math.floor(ms / 1000);
};

const spanOf = (address: Address): Span => {
  const span = address.of('span');
  return span === 'own' || span in SPANS ? (span as Span) : 'month';
};

/** The time range in the address, as query of the service, epoch seconds; by default it ends now. */
export const timesOf = (address: Address): { readonly from?: number; readonly to?: number } => {
  const span = spanOf(address);
  if (span !== 'own') return { from: Math.floor(Date.now() / 1000) - SPANS[span] };
  const [from, to] = [secondsOf(address.of('from'), 'T00:00:00'), secondsOf(address.of('to'), 'T23:59:59')];
  if (from !== null && to !== null && from > to) return { from: to - SPANS.day, to };
  return { ...(from === null ? {} : { from }), ...(to === null ? {} : { to }) };
};

/** Whether the time range in the address is short enough for hours instead of days. */
export const isByHour = (address: Address): boolean => spanOf(address) === 'day';

/** Chooses a time range; it is in the address. */
export const SpanChoice = ({ hasOwn = true }: { hasOwn?: boolean }) => {
  const address = useAddress();
  const span = spanOf(address);
  const names: readonly Span[] = ['day', 'week', 'month', 'quarter', ...(hasOwn ? (['own'] as const) : [])];
  const options = names.map((value) => ({ value, label: texts.spans[value] }));
  return (
    <>
      <FormField label={texts.spans.label}>
        <Select
          options={options}
          selectedOption={options.find(({ value }) => value === span) ?? null}
          onChange={({ detail }) => address.set({ span: detail.selectedOption.value ?? '' })}
        />
      </FormField>
      {span === 'own' && (
        <Suspense fallback={null}>
          <OwnDays />
        </Suspense>
      )}
    </>
  );
};
