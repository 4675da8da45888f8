import DatePicker from '@cloudscape-design/components/date-picker';
import FormField from '@cloudscape-design/components/form-field';
import { logins as words } from '../text/en/logins.ts';
import { useAddress } from './use-address.ts';

/** First and last day of a time; both stand in the address. */
export const OwnDays = () => {
  const address = useAddress();
  return (['from', 'to'] as const).map((name) => (
    <FormField key={name} label={words[name]}>
      <DatePicker
        value={address.of(name)}
        placeholder="YYYY/MM/DD"
        openCalendarAriaLabel={(selected) => words.openCalendar(words[name], selected)}
        todayAriaLabel={words.today}
        nextMonthAriaLabel={words.nextMonth}
        previousMonthAriaLabel={words.previousMonth}
        onChange={({ detail }) => address.set({ [name]: detail.value })}
      />
    </FormField>
  ));
};
