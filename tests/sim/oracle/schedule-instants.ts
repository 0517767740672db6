import type { Instant } from '../../../src/clock/clock.ts';
import { cronInstants, type Span } from './cron-instants.ts';

/** A schedule as the oracle knows it: plain, and written down twice, here and for the program. */
export type SimSchedule =
  | { readonly type: 'one-time'; readonly at: string; readonly zone: string }
  | {
      readonly type: 'interval';
      readonly everyDays: number;
      readonly everyMs: number;
      readonly zone: string;
      readonly startAt?: Instant;
      readonly untilAt?: Instant;
    }
  | {
      readonly type: 'cron';
      readonly crons: readonly string[];
      readonly zone: string;
      readonly startAt?: Instant;
      readonly untilAt?: Instant;
    }
  | { readonly type: 'manual' };

/** Every instant of the span that the schedule produces, oldest first. `repeats` is not applied. */
export function scheduleInstants(
  schedule: SimSchedule,
  anchorAt: Instant,
  span: Span,
): readonly Instant[] {
  switch (schedule.type) {
    case 'manual':
      return [];
    case 'one-time': {
      const reading = Temporal.PlainDateTime.from(schedule.at);
      return [reading.toZonedDateTime(schedule.zone).epochMilliseconds];
    }
    case 'interval':
      return intervalInstants(schedule, anchorAt, span).filter((at) => isWithin(schedule, at));
    case 'cron': {
      const lists = schedule.crons.map((cron) => cronInstants(cron, schedule.zone, span));
      const all = lists.length === 1 ? (lists[0] ?? []) : [...new Set(lists.flat())].sort(byTime);
      return all.filter((at) => isWithin(schedule, at));
    }
    default:
      return schedule satisfies never;
  }
}

const byTime = (a: Instant, b: Instant) => a - b;

function isWithin(bounds: { startAt?: Instant; untilAt?: Instant }, at: Instant): boolean {
  const { startAt = at, untilAt = Number.POSITIVE_INFINITY } = bounds;
  return at >= startAt && at < untilAt;
}

function intervalInstants(
  schedule: SimSchedule & { type: 'interval' },
  anchorAt: Instant,
  span: Span,
): Instant[] {
  const { everyDays, everyMs, zone, startAt } = schedule;
  const origin = Temporal.Instant.fromEpochMilliseconds(startAt ?? anchorAt);
  const local = origin.toZonedDateTimeISO(zone);
  const found: Instant[] = [];
  for (let index = startAt === undefined ? 1 : 0; ; index++) {
    const days = everyDays === 0 ? origin : local.add({ days: index * everyDays });
    const at = days.epochMilliseconds + index * everyMs;
    if (at >= span.untilAt) return found;
    if (at >= span.fromAt) found.push(at);
  }
}
