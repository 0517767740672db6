import type { Instant } from '../clock/clock.ts';
import { nextOccurrence } from './next-occurrence.ts';
import type { CronFields, CronSchedule, Schedule } from './schedule.ts';

/** A schedule with what its occurrences are counted from. */
export interface AnchoredSchedule {
  readonly schedule: Schedule;
  /** Origin of an interval without `start`. */
  readonly anchorAt: Instant;
}

/**
 * The first occurrence of each schedule strictly after `after`, undefined where there is none, in
 * the same order. Equal pairs of one expression and a zone are computed once; whatever else a
 * schedule says is so rare that it is cheaper to compute than to look up.
 */
export function firstOccurrences(
  schedules: Iterable<AnchoredSchedule>,
  after: Instant,
): (Instant | undefined)[] {
  const known = new KnownFirsts();
  const firsts: (Instant | undefined)[] = [];
  for (const { schedule, anchorAt } of schedules) {
    const cron = schedule.type === 'cron' ? onlyCron(schedule) : undefined;
    firsts.push(
      cron === undefined
        ? nextOccurrence(schedule, after, anchorAt)
        : known.find(cron, schedule.timezone, () => nextOccurrence(schedule, after, anchorAt)),
    );
  }
  return firsts;
}

/** The fields of a schedule that is an expression in a zone and nothing more. */
function onlyCron({ crons, startAt, untilAt, dstGap, dstOverlap }: CronSchedule) {
  const isPlain =
    crons.length === 1 &&
    startAt === undefined &&
    untilAt === undefined &&
    dstGap === undefined &&
    dstOverlap === undefined;
  return isPlain ? crons[0] : undefined;
}

interface KnownFirst {
  readonly cron: CronFields;
  readonly first: Instant | undefined;
}

/**
 * By zone and a hash of the fields. Not by the schedule's key: the first look at a text that was
 * put together reads all of it, and that takes three times as long as finding the occurrence.
 */
class KnownFirsts {
  readonly #byZone = new Map<string, Map<number, KnownFirst>>();

  find(
    cron: CronFields,
    timezone: string,
    compute: () => Instant | undefined,
  ): Instant | undefined {
    let ofZone = this.#byZone.get(timezone);
    if (ofZone === undefined) {
      ofZone = new Map();
      this.#byZone.set(timezone, ofZone);
    }
    const hash = hashOf(cron);
    const known = ofZone.get(hash);
    if (known !== undefined && isSame(known.cron, cron)) return known.first;
    const first = compute();
    ofZone.set(hash, { cron, first });
    return first;
  }
}

/** Of the fields in which expressions differ most often; within 30 bits, which maps like best. */
function hashOf(cron: CronFields): number {
  let hash = cron.minutesLow;
  hash = Math.imul(hash, 31) ^ cron.minutesHigh;
  hash = Math.imul(hash, 31) ^ cron.hours;
  hash = Math.imul(hash, 31) ^ cron.days;
  hash = Math.imul(hash, 31) ^ cron.months;
  hash = Math.imul(hash, 31) ^ cron.weekdays;
  return (hash ^ (hash >>> 15)) & 0x3fffffff;
}

function isSame(a: CronFields, b: CronFields): boolean {
  if (a === b) return true;
  return (
    a.secondsLow === b.secondsLow &&
    a.secondsHigh === b.secondsHigh &&
    a.minutesLow === b.minutesLow &&
    a.minutesHigh === b.minutesHigh &&
    a.hours === b.hours &&
    a.days === b.days &&
    a.months === b.months &&
    a.weekdays === b.weekdays &&
    a.eitherDay === b.eitherDay &&
    a.followsClock === b.followsClock &&
    a.daysBeforeLast === b.daysBeforeLast &&
    a.nearestWeekdays === b.nearestWeekdays &&
    a.lastWeekday === b.lastWeekday &&
    a.lastWeekdays === b.lastWeekdays &&
    a.nthWeekdays.length + b.nthWeekdays.length === 0
  );
}
