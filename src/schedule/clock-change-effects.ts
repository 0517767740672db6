import type { Instant, Milliseconds } from '../clock/clock.ts';
import { type CalendarRule, exclusionAt } from './calendar-rule.ts';
import { type ClockChange, clockChanges } from './clock-changes.ts';
import { fireEffect, gapPolicyOf, overlapPolicyOf } from './fire-effect.ts';
import { type LocalTime, localTimeOf } from './local-time.ts';
import { nextLocalTime } from './next-local-time.ts';
import { nextOccurrence } from './next-occurrence.ts';
import type { CronFields, CronSchedule, IntervalSchedule, Schedule } from './schedule.ts';

/** What one change of the clocks does to a schedule. */
export interface ClockChangeEffect {
  readonly change: ClockChange;
  readonly kind: 'skipped' | 'moved' | 'first' | 'second' | 'twice' | 'drifts';
  /** The first local times it concerns, as they would be without the change. */
  readonly times: readonly LocalTime[];
  /** How many there are in all. */
  readonly count: number;
  /** Where the first of them goes: a local time. Of `moved` alone. */
  readonly movedTo?: LocalTime;
  /** How many fires they become, where fewer. Of `moved` alone. */
  readonly fires?: number;
  /** How much later (or earlier, below 0) it fires by the clock from then on. Of `drifts` alone. */
  readonly driftMs?: Milliseconds;
}

export interface ClockChangeRange {
  readonly after: Instant;
  readonly upTo: Instant;
  readonly anchor: Instant;
  /** Without, nothing is excluded. */
  readonly calendars?: CalendarRule | undefined;
}

/**
 * What the changes of the clocks within (after, upTo] do: which fires are skipped, moved, done once
 * or twice, by the schedule's policy. Changes that do nothing to it are left out, and fires that its
 * calendars exclude anyway.
 */
export function clockChangeEffects(
  schedule: Schedule,
  range: ClockChangeRange,
): readonly ClockChangeEffect[] {
  const { startAt = -Infinity, untilAt = Infinity } = schedule;
  return clockChanges(schedule.timezone, range.after, range.upTo)
    .filter(({ at }) => at >= startAt && at < untilAt)
    .flatMap((change) => effectsOf(schedule, change, range));
}

function effectsOf(
  schedule: Schedule,
  change: ClockChange,
  range: ClockChangeRange,
): readonly ClockChangeEffect[] {
  switch (schedule.type) {
    case 'cron':
      return schedule.crons.flatMap((cron) => ofCron(schedule, cron, change, range));
    case 'interval':
      return schedule.everyDays === 0
        ? ofElapsed(schedule, change)
        : ofNearFire(schedule, change, range);
    case 'one-time':
      return ofNearFire(schedule, change, range);
    case 'manual':
      return [];
    default:
      return schedule satisfies never;
  }
}

const mostTimes = 3;

function ofCron(
  schedule: CronSchedule,
  cron: CronFields,
  change: ClockChange,
  { calendars }: ClockChangeRange,
): readonly ClockChangeEffect[] {
  const times: LocalTime[] = [];
  let count = 0;
  for (let at = change.from; ; at += 1000) {
    at = nextLocalTime(cron, at / 1000) * 1000;
    if (at >= change.to) break;
    if (isExcluded(calendars, standsFor(schedule, cron, change, at))) continue;
    count++;
    if (times.length < mostTimes) times.push(at);
  }
  const [first] = times;
  if (first === undefined) return [];
  if (change.kind === 'overlap') {
    const policy = overlapPolicyOf(schedule, cron);
    return [{ change, kind: policy === 'both' ? 'twice' : policy, times, count }];
  }
  const policy = gapPolicyOf(schedule, cron);
  if (policy === 'skip') return [{ change, kind: 'skipped', times, count }];
  const lengthMs = change.to - change.from;
  const moved = { change, kind: 'moved', times, count } as const;
  return policy === 'end'
    ? [{ ...moved, movedTo: change.to, fires: 1 }]
    : [{ ...moved, movedTo: first + lengthMs, fires: count }];
}

function isExcluded(calendars: CalendarRule | undefined, at: Instant): boolean {
  return calendars !== undefined && exclusionAt(calendars, at) !== undefined;
}

/** The instant at which a time that is skipped, or comes twice, is judged by calendars. */
function standsFor(
  schedule: CronSchedule,
  cron: CronFields,
  { at, kind, from, to }: ClockChange,
  local: LocalTime,
): Instant {
  if (kind === 'gap') return gapPolicyOf(schedule, cron) === 'shift' ? at + (local - from) : at;
  const isSecond = overlapPolicyOf(schedule, cron) === 'second';
  return isSecond ? at + (local - from) : at - (to - local);
}

/** Elapsed time keeps its distance, so the clock on the wall moves under it. */
function ofElapsed(schedule: IntervalSchedule, change: ClockChange): readonly ClockChangeEffect[] {
  const lengthMs = change.to - change.from;
  if (lengthMs % schedule.everyMs === 0) return [];
  const driftMs = change.kind === 'gap' ? lengthMs : -lengthMs;
  return [{ change, kind: 'drifts', times: [], count: 0, driftMs }];
}

/** At most one fire of a calendar interval, or of a one-time job, lies in what one change moves. */
function ofNearFire(
  schedule: Schedule,
  change: ClockChange,
  { anchor, calendars }: ClockChangeRange,
): readonly ClockChangeEffect[] {
  const lengthMs = change.to - change.from;
  const before = change.kind === 'gap' ? change.at : change.at - lengthMs;
  const at = nextOccurrence(schedule, before - 1, anchor);
  if (at === undefined || at >= change.at + lengthMs || isExcluded(calendars, at)) return [];
  const effect = fireEffect(schedule, at, anchor);
  if (effect === undefined) return [];
  const local = localTimeOf(at, schedule.timezone);
  return effect.kind === 'moved'
    ? [{ change, kind: 'moved', times: [effect.from], count: 1, movedTo: local, fires: 1 }]
    : [{ change, kind: effect.kind, times: [local], count: 1 }];
}
