import Type, { type Static } from 'typebox';
import { closed } from './definition.ts';

const weekday = Type.Enum(['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'], {
  description: 'A day of the week.',
  examples: ['SAT'],
});

const texts = (description: string, example: string, annotations: TextsAnnotations) =>
  Type.Optional(
    Type.Array(Type.String({ minLength: 1, description, examples: [example] }), {
      minItems: 1,
      ...annotations,
    }),
  );

interface TextsAnnotations {
  readonly description: string;
  readonly examples: string[][];
}

const freeze = Type.Object(
  {
    from: Type.String({
      minLength: 1,
      description: 'When it begins, as local time of each job; a date alone is its midnight.',
      examples: ['2026-12-18 18:00'],
    }),
    until: Type.String({
      minLength: 1,
      description: 'When it is over, as local time of each job; this instant is free again.',
      examples: ['2027-01-04 08:00'],
    }),
    owner: Type.String({
      minLength: 1,
      description: 'Whom to ask about it.',
      examples: ['team-billing'],
    }),
    reason: Type.String({
      minLength: 1,
      description: 'Why nothing may run.',
      examples: ['closing the books'],
    }),
  },
  { ...closed, title: 'Freeze window' },
);

export const calendar = Type.Object(
  {
    description: Type.Optional(
      Type.String({ description: 'What the calendar is for.', examples: ['Public holidays.'] }),
    ),
    dates: texts('A date, or the first and the last day of a range.', '2026-12-25', {
      description: 'Days of one year: dates, or ranges with both ends in them.',
      examples: [['2026-12-25', '2026-12-28..2026-12-31']],
    }),
    yearly: texts('A month and a day, or the first and the last day of a range.', '12-25', {
      description: 'Days of every year; a range may go over the new year.',
      examples: [['05-01', '12-24..01-01']],
    }),
    weekdays: Type.Optional(
      Type.Array(weekday, {
        minItems: 1,
        description: 'Days of every week.',
        examples: [['SAT', 'SUN']],
      }),
    ),
    ics: Type.Optional(
      Type.String({
        minLength: 1,
        description: 'An iCalendar file inside the project root; its events are in the calendar.',
        examples: ['calendars/holidays.ics'],
      }),
    ),
    freeze: Type.Optional(
      Type.Array(freeze, {
        minItems: 1,
        description: 'Stretches of time in which what names the calendar in `except` does not run.',
        examples: [
          [
            {
              from: '2026-12-18 18:00',
              until: '2027-01-04 08:00',
              owner: 'team-billing',
              reason: 'closing the books',
            },
          ],
        ],
      }),
    ),
  },
  {
    ...closed,
    title: 'Calendar',
    minProperties: 1,
    description: 'A set of days and of stretches of time.',
  },
);

export type CalendarDeclaration = Static<typeof calendar>;
