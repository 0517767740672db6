import Type, { type Static } from 'typebox';
import type { JsonValue } from '../snapshot.ts';
import { closed, use } from './definition.ts';
import { duration } from './duration.ts';
import { nameOf } from './name.ts';
import { catchUp, overlap, retry } from './policies.ts';
import { reactions } from './reaction.ts';

/** Keys that every type of job has. */
const common = {
  service: Type.String({
    minLength: 1,
    description: 'The service to run: a declared one or a built-in such as `jobsd.log-input`.',
    examples: ['reports.nightly', 'jobsd.ping'],
  }),
  extra: Type.Optional(
    Type.Unsafe<JsonValue>({
      description: 'Any value; handed to the service as its payload.',
      examples: [{ key: 'newest.data' }],
    }),
  ),
  enabled: Type.Optional(
    Type.Boolean({
      default: true,
      description: 'A job that is not enabled stays declared and never fires.',
      examples: [false],
    }),
  ),
  description: Type.Optional(
    Type.String({ description: 'What the job is for.', examples: ['Sends the nightly report.'] }),
  ),
  owner: Type.Optional(
    Type.String({ description: 'Who answers for the job.', examples: ['team-billing'] }),
  ),
  labels: Type.Optional(
    Type.Record(Type.String(), Type.String(), {
      description: 'Texts by key, to select jobs by.',
      examples: [{ system: 'billing' }],
    }),
  ),
  timeout: Type.Optional(
    use('duration', duration, {
      default: '1h',
      description: 'How long one attempt may take before it is stopped.',
      examples: ['10m'],
    }),
  ),
  grace: Type.Optional(
    use('duration', duration, {
      default: '5s',
      description: 'Time between asking an attempt to stop and killing it.',
      examples: ['5s'],
    }),
  ),
  retry: Type.Optional(
    use('retry', retry, {
      description: 'Whether and when a failed attempt is tried again.',
      examples: [{ attempts: 3, delay: '10s' }],
    }),
  ),
  overlap: Type.Optional(
    use('overlap', overlap, {
      default: 'allow',
      description: 'What happens when a run is due while an earlier one of this job still runs.',
      examples: ['skip'],
    }),
  ),
  group: Type.Optional(nameOf('group', ['reports'])),
  priority: Type.Optional(
    Type.Integer({
      minimum: -1000,
      maximum: 1000,
      default: 0,
      description: 'Of the runs that wait, those with the higher number start first.',
      examples: [10],
    }),
  ),
  on: Type.Optional(
    use('reactions', reactions, {
      description: 'What to run when a run of this job ends in a certain way.',
      examples: [{ failure: 'ops.notify' }],
    }),
  ),
  renamedFrom: Type.Optional(
    Type.String({
      minLength: 1,
      description: 'The name the job had before; its counters and history move along.',
      examples: ['sync-data'],
    }),
  ),
};

export const calendarNames = Type.Unsafe<string | readonly string[]>({
  title: 'Calendars',
  type: ['string', 'array'],
  minLength: 1,
  items: { type: 'string', minLength: 1 },
  minItems: 1,
  description: 'The name of a declared calendar, or a list of such names.',
  examples: ['holidays', ['holidays', 'year-end']],
});

/** Keys of jobs that fire by themselves. */
const timed = {
  timezone: Type.Optional(
    Type.String({
      minLength: 1,
      default: 'UTC',
      description: 'IANA time zone in which the schedule is read.',
      examples: ['Europe/Athens'],
    }),
  ),
  catchUp: Type.Optional(
    use('catchUp', catchUp, {
      default: 'latest',
      description: 'What happens to occurrences that were missed while nothing fired.',
      examples: ['none'],
    }),
  ),
  jitter: Type.Optional(
    use('duration', duration, {
      description: 'Each start is delayed by up to this much, always the same for one occurrence.',
      examples: ['30s'],
    }),
  ),
  only: Type.Optional(
    use('calendarNames', calendarNames, {
      description: 'Calendars: the job runs only at times that are in one of them.',
      examples: ['business-days'],
    }),
  ),
  except: Type.Optional(
    use('calendarNames', calendarNames, {
      description: 'Calendars: the job does not run at times that are in one of them.',
      examples: ['holidays', ['holidays', 'year-end']],
    }),
  ),
  shift: Type.Optional(
    Type.Enum(['next', 'previous'], {
      description:
        'Where an occurrence goes that calendars exclude: the same time of the next or previous day that is free. Without it, it is skipped.',
      examples: ['next'],
    }),
  ),
};

/** Keys of jobs that fire more than once. */
const repeating = {
  start: Type.Optional(
    Type.String({
      minLength: 1,
      description: 'First instant at which the job may fire; local time, or with Z or an offset.',
      examples: ['2027-01-01 00:00:00'],
    }),
  ),
  until: Type.Optional(
    Type.String({
      minLength: 1,
      description: 'The job fires only before this instant.',
      examples: ['2027-12-31T00:00:00Z'],
    }),
  ),
  repeats: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'How many times it occurs in all. What is skipped or missed counts too.',
      examples: [168],
    }),
  ),
};

const typeOf = <Name extends string>(name: Name, description: string) =>
  Type.Literal(name, { description, examples: [name] });

export const oneTimeJob = Type.Object(
  {
    type: typeOf('one-time', 'Fires once, at `at`.'),
    at: Type.String({
      minLength: 1,
      description: 'When to fire: local time in the time zone of the job, or with Z or an offset.',
      examples: ['2027-07-29 11:35:49', '2027-07-29T08:35:49Z'],
    }),
    ...timed,
    ...common,
  },
  { ...closed, title: 'One-time job' },
);

export const intervalJob = Type.Object(
  {
    type: typeOf('interval', 'Fires at equal distances of time.'),
    every: use('duration', duration, {
      description: 'The distance between two occurrences.',
      examples: ['15m', { hours: 1 }],
    }),
    ...repeating,
    ...timed,
    ...common,
  },
  { ...closed, title: 'Interval job' },
);

export const cronJob = Type.Object(
  {
    type: typeOf('cron', 'Fires when a cron expression says so.'),
    cron: Type.Unsafe<string | readonly string[]>({
      type: ['string', 'array'],
      items: { type: 'string' },
      minItems: 1,
      description: 'One cron expression or a list: 5 fields, 6 with seconds first, or a macro.',
      examples: ['30 2 * * MON-FRI', '@daily', ['0 9 * * *', '30 17 * * *']],
    }),
    dst: Type.Optional(
      Type.Object(
        {
          gap: Type.Optional(
            Type.Enum(['end', 'shift', 'skip'], {
              description:
                'A time that a clock set forward leaves out. Without it: end, and skip where second, minute or hour begins with *.',
              examples: ['skip'],
            }),
          ),
          overlap: Type.Optional(
            Type.Enum(['first', 'second', 'both'], {
              description:
                'A time that a clock set back repeats. Without it: first, and both where second, minute or hour begins with *.',
              examples: ['second'],
            }),
          ),
        },
        {
          ...closed,
          description: 'What happens when clocks change.',
          examples: [{ gap: 'skip' }],
        },
      ),
    ),
    ...repeating,
    ...timed,
    ...common,
  },
  { ...closed, title: 'Cron job' },
);

export const manualJob = Type.Object(
  { type: typeOf('manual', 'Runs only when asked for.'), ...common },
  { ...closed, title: 'Manual job' },
);

/** A job that fires by itself. */
export type TimedJobDeclaration =
  | Static<typeof oneTimeJob>
  | Static<typeof intervalJob>
  | Static<typeof cronJob>;

export type JobDeclaration = TimedJobDeclaration | Static<typeof manualJob>;

/** `oneOf` with `discriminator`: a validator looks only into the branch that `type` names. */
export const job = Type.Unsafe<JobDeclaration>({
  title: 'Job',
  type: 'object',
  discriminator: { propertyName: 'type' },
  required: ['type'],
  oneOf: ['oneTimeJob', 'intervalJob', 'cronJob', 'manualJob'].map((id) => ({
    $ref: `#/$defs/${id}`,
  })),
});
