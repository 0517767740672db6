import type { Instant, Milliseconds } from '../clock/clock.ts';

export type DstGapPolicy = 'end' | 'shift' | 'skip';
export type DstOverlapPolicy = 'first' | 'second' | 'both';

/** A duration as written: `1h30m`, or the map form. */
export type DurationDeclaration =
  | string
  | {
      readonly weeks?: number;
      readonly days?: number;
      readonly hours?: number;
      readonly minutes?: number;
      readonly seconds?: number;
    };

interface BoundsDeclaration {
  readonly timezone?: string;
  readonly start?: string;
  readonly until?: string;
  readonly repeats?: number;
  readonly jitter?: DurationDeclaration;
}

/** The schedule part of a job, as written in a file. */
export type ScheduleDeclaration =
  | {
      readonly type: 'one-time';
      readonly at: string;
      readonly timezone?: string;
      readonly jitter?: DurationDeclaration;
    }
  | ({ readonly type: 'interval'; readonly every: DurationDeclaration } & BoundsDeclaration)
  | ({
      readonly type: 'cron';
      readonly cron: string | readonly string[];
      readonly dst?: { readonly gap?: DstGapPolicy; readonly overlap?: DstOverlapPolicy };
    } & BoundsDeclaration)
  | { readonly type: 'manual' };

/** What is wrong in a declaration, and where inside it. */
export interface ScheduleProblem {
  /** Kebab-case id, also the finding's rule: `cron-syntax`, `cron-never-fires`, `unknown-timezone` ... */
  readonly rule: string;
  readonly message: string;
  /** The way out, in a sentence. */
  readonly help?: string;
  /** Path from the job's map: `['cron']`, `['cron', 1]`, `['timezone']`. */
  readonly path: readonly (string | number)[];
  /** The stretch of the scalar's text that is wrong, in UTF-16 units; absent means all of it. */
  readonly offset?: number;
  readonly length?: number;
}

interface Bounds {
  readonly timezone: string;
  /** Inclusive. */
  readonly startAt?: Instant;
  /** Exclusive. */
  readonly untilAt?: Instant;
  /** Occurrences in all, counted durably by whoever fires them, not by `nextOccurrence`. */
  readonly repeats?: number;
  /**
   * Equal keys mean equal occurrences (given the same anchor). Decides whether an edit is a
   * changed schedule; holds everything of the declaration that can move an occurrence.
   */
  readonly key: string;
}

export interface OneTimeSchedule extends Bounds {
  readonly type: 'one-time';
  readonly at: Instant;
}

export interface IntervalSchedule extends Bounds {
  readonly type: 'interval';
  /** Calendar part, in days of the job's zone (a week is 7). */
  readonly everyDays: number;
  /** Elapsed part. */
  readonly everyMs: Milliseconds;
}

/**
 * One cron expression, its fields as sets of bits: plain numbers only, so that it can be frozen
 * and copied. Made by `parseCron`; opaque to everybody else.
 */
export interface CronFields {
  readonly text: string;
  /** Seconds and minutes 0 … 31 in `…Low`, 32 … 59 from bit 0 of `…High`. */
  readonly secondsLow: number;
  readonly secondsHigh: number;
  readonly minutesLow: number;
  readonly minutesHigh: number;
  readonly hours: number;
  /** Bit `day - 1`. */
  readonly days: number;
  /** Bit n: the day n days before the last of the month (`L`, `L-n`). */
  readonly daysBeforeLast: number;
  /** Bit `day - 1`: the weekday nearest to that day (`nW`). */
  readonly nearestWeekdays: number;
  /** `LW`. */
  readonly lastWeekday: boolean;
  /** Bit `month`. */
  readonly months: number;
  /** Bit 0 is Sunday. */
  readonly weekdays: number;
  /** `d#n` as `d * 8 + n`. */
  readonly nthWeekdays: readonly number[];
  /** Bit d: the last such weekday of the month (`dL`). */
  readonly lastWeekdays: number;
  /** Both day fields are restricted: one of them is enough. Else both must hold. */
  readonly eitherDay: boolean;
  /** All dates match. */
  readonly everyDay: boolean;
  /** Seconds since midnight of the first time of any day it fires on. */
  readonly firstTime: number;
  /** Second, minute or hour field begins with `*`: the job follows the running clock. */
  readonly followsClock: boolean;
}

export interface CronSchedule extends Bounds {
  readonly type: 'cron';
  readonly crons: readonly CronFields[];
  readonly dstGap?: DstGapPolicy;
  readonly dstOverlap?: DstOverlapPolicy;
}

export interface ManualSchedule extends Bounds {
  readonly type: 'manual';
}

/** A schedule that has been read and checked. Made only by `compileSchedule`. */
export type Schedule = OneTimeSchedule | IntervalSchedule | CronSchedule | ManualSchedule;

export type CompileResult =
  | { readonly ok: true; readonly schedule: Schedule }
  | { readonly ok: false; readonly problems: readonly ScheduleProblem[] };
