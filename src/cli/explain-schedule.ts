import type { Instant } from '../clock/clock.ts';
import { type EffectiveValue, effectiveDefinition } from '../config/effective-definition.ts';
import { type ClockChangeEffect, clockChangeEffects } from '../schedule/clock-change-effects.ts';
import { type ClockChange, clockChanges } from '../schedule/clock-changes.ts';
import { describeSchedule } from '../schedule/describe-schedule.ts';
import { calendarWords } from '../schedule/words/calendar-words.ts';
import { type ScheduleWords, scheduleWords } from '../schedule/words/schedule-words.ts';
import { type ChosenSchedule, firesOf } from './chosen-schedules.ts';
import type { CommandContext } from './command-context.ts';
import { parseProject } from './parse-project.ts';
import { anchorOf, isAnchorUnknown, upcomingFires } from './upcoming-fires.ts';
import type { NamedFire } from './view/named-fire.ts';

/** All there is to say about a job or an expression. */
export interface Explanation {
  readonly kind: 'job' | 'cron';
  readonly title: string;
  /** `30 2 * * *`, `every 1h`. */
  readonly schedule: string;
  readonly type: string;
  readonly timezone: string;
  /** `jobs.d/a.yaml:4` */
  readonly place?: string;
  readonly words: ScheduleWords;
  readonly fires: readonly NamedFire[];
  /** From when to when clocks were looked at. */
  readonly range: { readonly after: Instant; readonly upTo: Instant };
  readonly changes: readonly ClockChange[];
  readonly effects: readonly ClockChangeEffect[];
  /** Of a job alone. */
  readonly definition?: readonly EffectiveValue[];
}

const nextFires = 10;
const yearMs = 366 * 86_400_000;

/** `after` is where the next fires and the coming year begin, `timezone` what fires are shown in. */
export async function explainSchedule(
  context: CommandContext,
  chosen: ChosenSchedule,
  { after, timezone }: { readonly after: Instant; readonly timezone: string },
): Promise<Explanation> {
  const { job, schedule, title, oneTimeEffect: moved } = chosen;
  const anchor = anchorOf(chosen);
  const range = { after, upTo: after + yearMs };
  const changes = clockChanges(schedule.timezone, range.after, range.upTo);
  const effects = clockChangeEffects(schedule, {
    after,
    upTo: Math.min(range.upTo, lastFire(chosen, range)),
    anchor,
    calendars: chosen.calendars,
  });
  return {
    kind: job === undefined ? 'cron' : 'job',
    title,
    schedule: describeSchedule(schedule),
    type: schedule.type,
    timezone: schedule.timezone,
    ...(job !== undefined && { place: `${job.place.file}:${job.place.line}` }),
    words: wordsOf(chosen, anchor),
    fires: firesOf(chosen, { after, count: nextFires }, timezone),
    range,
    changes,
    effects: moved?.kind === 'moved' ? withMoved(effects, changes, moved.from) : effects,
    ...(job !== undefined && {
      definition: effectiveDefinition(job, await parseProject(context)),
    }),
  };
}

const mostRepeats = 1000;

/** The last fire of a job whose `repeats` are used up within the range, if they are few. */
function lastFire(chosen: ChosenSchedule, { after, upTo }: Explanation['range']): Instant {
  if (chosen.schedule.repeats === undefined) return Number.POSITIVE_INFINITY;
  const fires = upcomingFires(chosen, { after, until: upTo, count: mostRepeats });
  return fires.length === mostRepeats
    ? Number.POSITIVE_INFINITY
    : (fires.at(-1)?.nominalAt ?? after);
}

function wordsOf(chosen: ChosenSchedule, anchor: Instant): ScheduleWords {
  const words = withCalendars(
    chosen,
    scheduleWords(chosen.schedule, isAnchorUnknown(chosen) ? undefined : anchor),
  );
  const isNameless = chosen.job === undefined && words.notes.some((note) => note.startsWith('H '));
  if (!isNameless) return words;
  const note = 'Without a job these values of H are only an example.';
  return { ...words, notes: [...words.notes, note] };
}

function withCalendars({ calendars }: ChosenSchedule, words: ScheduleWords): ScheduleWords {
  if (calendars === undefined) return words;
  return { ...words, notes: [...words.notes, ...calendarWords(calendars)] };
}

/** What only the text of a one-time job tells. */
function withMoved(
  effects: readonly ClockChangeEffect[],
  changes: readonly ClockChange[],
  from: number,
): readonly ClockChangeEffect[] {
  const change = changes.find((candidate) => from >= candidate.from && from < candidate.to);
  if (change === undefined) return effects;
  const movedTo = from + change.to - change.from;
  return [...effects, { change, kind: 'moved', times: [from], count: 1, movedTo, fires: 1 }];
}
