import type { CalendarRule } from '../calendar-rule.ts';

/** What a job's calendars do, in sentences. */
export function calendarWords({ only, except, shift }: CalendarRule): readonly string[] {
  return [
    ...(only.length === 0 ? [] : [`It runs only at times in ${namesOf(only)}.`]),
    ...(except.length === 0 ? [] : [`It does not run at times in ${namesOf(except)}.`]),
    shift === undefined
      ? 'What calendars exclude is skipped.'
      : `What calendars exclude moves to the same time of the ${shift} day that is free.`,
  ];
}

function namesOf(calendars: readonly { readonly name: string }[]): string {
  const names = calendars.map(({ name }) => `"${name}"`);
  const last = names.pop() ?? '';
  return names.length === 0
    ? `the calendar ${last}`
    : `the calendars ${names.join(', ')} or ${last}`;
}
