import type { RuleEntry } from './rule-entry.ts';

const job = 'type: cron, cron: "0 9 * * *", service: jobsd.ping';

/** Calendars, and what jobs make of them. */
export const calendarRules: readonly RuleEntry[] = [
  {
    id: 'unknown-calendar',
    meaning: 'A job names a calendar that no file declares, so it would run on days off.',
    example: `version: 1\njobs:\n  a: { ${job}, except: holidays }\n`,
    wayOut: 'Correct the name, or declare the calendar under `calendars`.',
  },
  {
    id: 'invalid-date',
    meaning: 'A day of a calendar does not exist, or is written in another way.',
    example: 'version: 1\ncalendars:\n  a: { dates: [2027-02-29] }\n',
    wayOut: 'Write `2026-12-25` under `dates`, and `12-25` under `yearly`; `..` makes a range.',
  },
  {
    id: 'reversed-range',
    meaning: 'A range of days or a freeze ends before it begins, so nothing would be in it.',
    example: 'version: 1\ncalendars:\n  a: { dates: [2026-12-31..2026-12-24] }\n',
    wayOut: 'Write the earlier one first. Only ranges under `yearly` go over the new year.',
  },
  {
    id: 'empty-calendar',
    meaning: 'A calendar has nothing in it, so `except` lets all run and `only` lets nothing.',
    example: 'version: 1\ncalendars:\n  a: { description: "Later." }\n',
    wayOut: 'Give it `dates`, `yearly`, `weekdays`, `ics` or `freeze`, or remove it.',
  },
  {
    id: 'freeze-in-only',
    meaning: 'A job names a calendar with freezes in `only`, and so would run within them.',
    example: `version: 1\ncalendars:\n  a: { freeze: [{ from: 2027-12-20, until: 2028-01-07, owner: ops, reason: quiet }] }\njobs:\n  a: { ${job}, only: a }\n`,
    wayOut: 'Name the calendar in `except`, or move its freezes to a calendar of their own.',
  },
  {
    id: 'shift-without-calendar',
    meaning: 'A job has `shift` and no calendar, so nothing would ever be shifted.',
    example: `version: 1\njobs:\n  a: { ${job}, shift: next }\n`,
    wayOut: 'Add `only` or `except`, or remove `shift`.',
  },
  {
    id: 'shift-too-often',
    meaning:
      'A job fires more often than once an hour, and its runs would be shifted in among others.',
    example:
      'version: 1\ncalendars:\n  a: { weekdays: [SAT] }\njobs:\n  a: { type: interval, every: 5m, service: jobsd.ping, except: a, shift: next }\n',
    wayOut: 'Remove `shift`: the next run comes soon enough.',
  },
  {
    id: 'calendar-file-type',
    meaning: 'The file of a calendar is not an iCalendar file.',
    example: 'version: 1\ncalendars:\n  a: { ics: holidays.csv }\n',
    wayOut: 'Name a file that ends with .ics.',
  },
  {
    id: 'calendar-file-missing',
    meaning: 'The file of a calendar is not there, so the days in it are not known.',
    example: 'version: 1\ncalendars:\n  a: { ics: nowhere.ics }\n',
    wayOut: 'Paths are relative to the project root; commit the file beside the jobs.',
  },
  {
    id: 'calendar-file-outside-root',
    meaning: 'The file of a calendar lies outside the project, also after links are followed.',
    wayOut: 'Move it into the project root: what decides when jobs run has to be under review.',
  },
  {
    id: 'calendar-file-unreadable',
    meaning: 'The file of a calendar is there and cannot be read.',
    wayOut: 'Correct its permissions, its kind or its encoding (UTF-8).',
  },
  {
    id: 'calendar-file-too-large',
    meaning: 'The file of a calendar is larger than days off can be.',
    wayOut: 'Keep the events that jobs depend on in a file of their own.',
  },
  {
    id: 'calendar-file-invalid',
    meaning: 'The file of a calendar is broken, or has an event that cannot be understood.',
    wayOut: 'Correct the line that the finding points at, or export the file once more.',
  },
];
