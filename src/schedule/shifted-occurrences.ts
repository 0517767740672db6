import type { Instant } from '../clock/clock.ts';
import { movedTo, shiftReachMs } from './calendar-occurrence.ts';
import type { CalendarRule } from './calendar-rule.ts';
import { nextOccurrence } from './next-occurrence.ts';
import type { Schedule } from './schedule.ts';

/**
 * What `nextWithShifts` gives, one after the other, for stretches of many: here each occurrence is
 * moved once, there once for every look at a month around it.
 */
export class ShiftedOccurrences {
  private readonly schedule: Schedule;
  private readonly rule: CalendarRule;
  private readonly anchor: Instant;
  private after: Instant;
  private own: Instant | undefined;
  /** The next occurrence of the schedule that has not been looked at. */
  private source: Instant | undefined;
  /** Where those that have been looked at were moved to, latest first. */
  private readonly moved: Instant[] = [];

  constructor(schedule: Schedule, rule: CalendarRule, after: Instant, anchor: Instant) {
    this.schedule = schedule;
    this.rule = rule;
    this.after = after;
    this.anchor = anchor;
    this.own = this.following(after);
    // What is moved forward may come from before.
    this.source = rule.shift === 'next' ? this.following(after - shiftReachMs) : this.own;
  }

  next(): Instant | undefined {
    this.lookAhead();
    const moved = this.moved.at(-1) ?? Number.POSITIVE_INFINITY;
    const next = Math.min(this.own ?? Number.POSITIVE_INFINITY, moved);
    if (next === Number.POSITIVE_INFINITY) return undefined;
    this.after = next;
    while (this.moved.at(-1) === next) this.moved.pop();
    if (this.own === next) this.own = this.following(next);
    return next;
  }

  /** Moves all that could be moved to the next instant or before it. */
  private lookAhead(): void {
    if (this.rule.shift === undefined) return;
    while (this.source !== undefined && this.source <= this.reach()) {
      const target = movedTo(this.schedule, this.rule, this.source);
      if (target !== undefined && target > this.after) this.insert(target);
      this.source = this.following(this.source);
    }
  }

  private reach(): Instant {
    if (this.rule.shift === 'next') return this.own ?? Number.POSITIVE_INFINITY;
    const moved = this.moved.at(-1) ?? Number.POSITIVE_INFINITY;
    return Math.min(this.own ?? Number.POSITIVE_INFINITY, moved) + shiftReachMs;
  }

  private insert(at: Instant): void {
    let index = this.moved.length;
    while (index > 0 && (this.moved[index - 1] ?? 0) < at) index -= 1;
    this.moved.splice(index, 0, at);
  }

  private following(after: Instant): Instant | undefined {
    return nextOccurrence(this.schedule, after, this.anchor);
  }
}
