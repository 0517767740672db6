import type { Calendar } from '../../src/schedule/calendar.ts';

/** A calendar that holds nothing but what is given. */
export function aCalendar(fields: Partial<Calendar> & { readonly name: string }): Calendar {
  const empty = { days: [], yearly: [], weekdays: new Set<number>(), freezes: [] };
  return { ...empty, events: [], localEvents: [], key: fields.name, ...fields };
}
