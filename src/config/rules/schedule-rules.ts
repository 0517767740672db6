import type { RuleEntry } from './rule-entry.ts';

/** When jobs run. */
export const scheduleRules: readonly RuleEntry[] = [
  {
    id: 'schedule-type',
    meaning: 'A schedule given to `nextFires` has no type, or none that there is.',
    wayOut: 'Give `one-time`, `interval`, `cron` or `manual`.',
  },
  {
    id: 'schedule-incomplete',
    meaning: 'A schedule given to `nextFires` lacks what its type needs.',
    wayOut: 'Give `cron`, `every` or `at`.',
  },
  {
    id: 'invalid-count',
    meaning: '`nextFires` was asked for a number of times that it cannot give.',
    wayOut: 'Give a whole number from 0 to 100000.',
  },
  {
    id: 'cron-syntax',
    meaning:
      'A cron expression cannot be read: too few fields, a value out of range, a wrong sign.',
    example: 'version: 1\njobs:\n  a: { type: cron, cron: "61 * * * *", service: jobsd.ping }\n',
    wayOut: 'Correct what the finding points at; `jobsd explain "1 * * * *"` shows what it means.',
  },
  {
    id: 'cron-never-fires',
    meaning: 'A cron expression is right in each field, and names a date that no calendar has.',
    example: 'version: 1\njobs:\n  a: { type: cron, cron: "0 0 31 2 *", service: jobsd.ping }\n',
    wayOut: 'Choose a day that the month has; `L` is the last day of any month.',
  },
  {
    id: 'unknown-timezone',
    meaning: 'A time zone is not known, or is an abbreviation or an offset, which name no place.',
    example:
      'version: 1\njobs:\n  a: { type: cron, cron: "30 2 * * *", timezone: CET, service: jobsd.ping }\n',
    wayOut: 'Name a place whose clocks the job follows: `Europe/Berlin`.',
  },
  {
    id: 'invalid-date-time',
    meaning: 'A date or a time of day does not exist, or is written in another way.',
    example:
      'version: 1\njobs:\n  a: { type: one-time, at: "29.7.2027 11:35", service: jobsd.ping }\n',
    wayOut: 'Write it like `2027-07-29 11:35:49`, with `Z` or an offset when it is not local.',
  },
  {
    id: 'invalid-duration',
    meaning: 'A length of time cannot be read, is zero where it must not be, or has no unit.',
    example: 'version: 1\njobs:\n  a: { type: interval, every: 1.5h, service: jobsd.ping }\n',
    wayOut: 'Write it like `1h30m`, from large to small units: w, d, h, m, s, ms.',
  },
  {
    id: 'schedule-bounds',
    meaning: '`until` is not after `start`, or `repeats` is no count, so the job could never run.',
    example:
      'version: 1\njobs:\n  a:\n    type: interval\n    every: 1h\n    start: "2027-01-02"\n    until: "2027-01-01"\n    service: jobsd.ping\n',
    wayOut: 'Write an `until` after `start`; it is exclusive.',
  },
];
