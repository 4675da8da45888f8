import DatePicker from '@cloudscape-design/components/date-picker';
import FormField from '@cloudscape-design/components/form-field';
import { logins as texts } from '../text/en/logins.ts';
import { useTypedFilters } from './use-typed-filters.ts';

const DAYS = ['from', 'to'] as const;
const isWhole = (day: string): boolean => day === '' || /^\d{4}-\d{2}-\d{2}$/.test(day);

/** First and last day of a custom time range; both are in the address. */
export const OwnDays = () => {
  const days = useTypedFilters(DAYS);
  return DAYS.map((name) => (
    <FormField key={name} label={texts[name]}>
      <DatePicker
        value={days.typed[name]}
        placeholder="YYYY/MM/DD"
        i18nStrings={{
          openCalendarAriaLabel: (selected) => texts.openCalendar(texts[name], selected),
          todayAriaLabel: texts.today,
          nextMonthAriaLabel: texts.nextMonth,
          previousMonthAriaLabel: texts.previousMonth,
        }}
        onChange={({ detail }) => days.type(name, detail.value, isWhole(detail.value))}
      />
    </FormField>
  ));
};
