import type { RuleEntry } from './rule-entry.ts';

/** What is valid and hardly meant: warnings. */
export const doubtRules: readonly RuleEntry[] = [
  {
    id: 'only-in-the-past',
    meaning: 'The last time of a job is over, so it will not run any more.',
    example:
      'version: 1\njobs:\n  a: { type: one-time, at: "2001-07-29 11:35:49", service: jobsd.ping }\n',
    wayOut: 'Correct the date, or remove the job if it has done its work.',
  },
  {
    id: 'nothing-before-until',
    meaning: 'The bounds of a cron job leave none of its times, so it never runs.',
    example:
      'version: 1\njobs:\n  a: { type: cron, cron: "0 0 29 2 *", start: 2029-01-01, until: 2030-01-01, service: jobsd.ping }\n',
    wayOut: 'Write a later `until`, or an expression with times between `start` and `until`.',
  },
  {
    id: 'overlapping-runs',
    meaning: 'One run may take longer than the time to the next, and runs may pile up.',
    example:
      'version: 1\njobs:\n  a: { type: interval, every: 1m, timeout: 10m, service: jobsd.ping }\n',
    wayOut: 'Choose an `overlap` policy, or a shorter `timeout`.',
  },
  {
    id: 'reaction-to-disabled-job',
    meaning: 'A reaction runs a job that is disabled, so nothing would happen.',
    example:
      'version: 1\njobs:\n  a: { type: manual, service: jobsd.ping, on: { failure: { job: b } } }\n  b: { type: manual, service: jobsd.ping, enabled: false }\n',
    wayOut: 'Enable the job, or remove the reaction.',
  },
  {
    id: 'retry-without-attempts',
    meaning: 'A retry policy says how to wait, and not how often to try: there is no retry.',
    example:
      'version: 1\njobs:\n  a: { type: manual, service: jobsd.ping, retry: { delay: 1m } }\n',
    wayOut: 'Add `attempts`: it counts the first try, so 3 means two more.',
  },
  {
    id: 'very-frequent',
    meaning: 'An interval is shorter than 100 ms, which is hardly ever meant.',
    example: 'version: 1\njobs:\n  a: { type: interval, every: 10ms, service: jobsd.ping }\n',
    wayOut: 'Correct the unit, or let one run do the work of many.',
  },
  {
    id: 'jitter-over-period',
    meaning:
      'A jitter is longer than the time from one run to the next, and so never has its length.',
    example:
      'version: 1\njobs:\n  a: { type: interval, every: 5m, jitter: 10m, service: jobsd.ping }\n',
    wayOut: 'Write one that is shorter than the interval.',
  },
  {
    id: 'unused-group',
    meaning: 'A group has no job in it, so its limits hold for nothing.',
    example: 'version: 1\ngroups:\n  reports: { maxRunning: 2 }\n',
    wayOut: 'Give the jobs it was meant for `group: reports`, or remove it.',
  },
  {
    id: 'unused-calendar',
    meaning: 'No job names a calendar, so its days are days like all others.',
    example: 'version: 1\ncalendars:\n  weekend: { weekdays: [SAT, SUN] }\n',
    wayOut: 'Name it in `only` or `except` of the jobs it was meant for, or remove it.',
  },
  {
    id: 'calendar-over',
    meaning: 'All days of a calendar are in the past, so it has no effect any more.',
    example:
      'version: 1\ncalendars:\n  a: { dates: [2001-12-25] }\njobs:\n  a: { type: cron, cron: "0 9 * * *", service: jobsd.ping, except: a }\n',
    wayOut: 'Add the days of the coming years, or remove the calendar.',
  },
  {
    id: 'freeze-over',
    meaning: 'A freeze is over and has no effect any more.',
    example:
      'version: 1\ncalendars:\n  a: { weekdays: [SUN], freeze: [{ from: 2001-12-20, until: 2002-01-07, owner: ops, reason: quiet }] }\njobs:\n  a: { type: cron, cron: "0 9 * * *", service: jobsd.ping, except: a }\n',
    wayOut: 'Remove it.',
  },
  {
    id: 'calendars-exclude-all',
    meaning: 'The calendars of a job exclude every time it has in the next five years.',
    example:
      'version: 1\ncalendars:\n  weekend: { weekdays: [SAT, SUN] }\njobs:\n  a: { type: cron, cron: "0 9 * * SUN", service: jobsd.ping, except: weekend }\n',
    wayOut: 'Correct its schedule or its calendars, or say where its runs go with `shift`.',
  },
];
