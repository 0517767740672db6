import type { Instant } from '../../clock/clock.ts';
import { localTimeOf } from '../local-time.ts';
import type { CronSchedule, IntervalSchedule, OneTimeSchedule, Schedule } from '../schedule.ts';
import { cronNotes } from './cron-notes.ts';
import { cronWords } from './cron-words.ts';
import { durationWords } from './duration-words.ts';
import { clockText, dateText, localText, zoneSuffix } from './local-text.ts';

/** A schedule for people who do not read schedules. */
export interface ScheduleWords {
  /** One sentence. */
  readonly sentence: string;
  /** What surprises people about it, a sentence each. */
  readonly notes: readonly string[];
}

/** `anchorAt` is what an interval without `start` counts from, where that is known. */
export function scheduleWords(schedule: Schedule, anchorAt?: Instant): ScheduleWords {
  switch (schedule.type) {
    case 'manual':
      return { sentence: 'Only when somebody asks for it.', notes: [] };
    case 'one-time':
      return { sentence: oneTimeSentence(schedule), notes: [] };
    case 'interval':
      return intervalWords(schedule, anchorAt);
    case 'cron':
      return ofCrons(schedule);
    default:
      return schedule satisfies never;
  }
}

const weekdayNames = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');

function oneTimeSentence({ at, timezone }: OneTimeSchedule): string {
  const local = localTimeOf(at, timezone);
  const weekday = weekdayNames[new Date(local).getUTCDay()];
  return `Once, on ${weekday}, ${dateText(local)} at ${clockText(local)}${zoneSuffix(timezone)}.`;
}

function intervalWords(schedule: IntervalSchedule, anchorAt: Instant | undefined): ScheduleWords {
  const { everyDays, everyMs, timezone } = schedule;
  const originAt = schedule.startAt ?? anchorAt;
  const every = durationWords(everyDays, everyMs).replace(/^1 (\w+)$/, '$1');
  const origin =
    originAt === undefined
      ? 'when a daemon first sees the job'
      : localText(localTimeOf(originAt, timezone));
  const hasTimes = originAt !== undefined || schedule.untilAt !== undefined;
  const zone = hasTimes ? zoneSuffix(timezone) : '';
  return {
    sentence: `Every ${every}, counted from ${origin}${endOf(schedule)}${zone}.`,
    notes: [...(timezone === 'UTC' ? [] : intervalNotes(schedule))],
  };
}

const dayMs = 86_400_000;

function intervalNotes({ everyDays, everyMs }: IntervalSchedule): readonly string[] {
  if (everyDays > 0 && everyMs > 0) {
    return [
      'Days are calendar days, the rest is elapsed time: its local time may move when clocks change.',
    ];
  }
  if (everyDays > 0) {
    return ['Days are calendar days: it keeps its local time when clocks change.'];
  }
  if (everyMs < dayMs) return [];
  const advice =
    everyMs % dayMs === 0 ? ` Write \`${everyMs / dayMs}d\` to keep the local time.` : '';
  return [`It counts elapsed time: its local time moves when clocks change.${advice}`];
}

function ofCrons(schedule: CronSchedule): ScheduleWords {
  const { crons, timezone, startAt } = schedule;
  const sentences = crons.map(cronWords);
  const start = startAt === undefined ? '' : `, from ${localText(localTimeOf(startAt, timezone))}`;
  const whole = sentences.map((text, index) => (index === 0 ? text : lowerFirst(text)));
  const notes = new Set(crons.flatMap(cronNotes));
  if (crons.length > 1) notes.add('A time that several of the expressions name fires once.');
  return {
    sentence: `${whole.join('; and ')}${zoneSuffix(timezone)}${start}${endOf(schedule)}.`,
    notes: [...notes],
  };
}

function lowerFirst(text: string): string {
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}

function endOf({ untilAt, repeats, timezone }: IntervalSchedule | CronSchedule): string {
  const until =
    untilAt === undefined ? '' : `, only before ${localText(localTimeOf(untilAt, timezone))}`;
  const times = repeats === 1 ? '1 time' : `${repeats} times`;
  return `${until}${repeats === undefined ? '' : `, ${times} in all`}`;
}
