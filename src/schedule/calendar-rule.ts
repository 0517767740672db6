import type { Instant } from '../clock/clock.ts';
import { type Calendar, calendarEntryAt } from './calendar.ts';
import { instantOf, localTimeOf } from './local-time.ts';

/** A job's `only`, `except` and `shift`, with the zone in which its calendars are read. */
export interface CalendarRule {
  /** It runs only at times that lie in one of these; empty means no such limit. */
  readonly only: readonly Calendar[];
  readonly except: readonly Calendar[];
  /** Where an excluded occurrence goes: the same local time of the nearest day that is allowed. */
  readonly shift?: 'next' | 'previous';
  readonly timezone: string;
}

/** Equal keys mean that equal instants are excluded and moved, for the same reasons. */
export function calendarRuleKey({ only, except, shift, timezone }: CalendarRule): string {
  const keysOf = (calendars: readonly Calendar[]) => calendars.map(({ key }) => key);
  return JSON.stringify([keysOf(only), keysOf(except), shift ?? '', timezone]);
}

/** Why an instant is excluded: `calendar holidays (2026-12-25)`; `undefined` when it is allowed. */
export function exclusionAt(rule: CalendarRule, at: Instant): string | undefined {
  const local = localTimeOf(at, rule.timezone);
  for (const calendar of rule.except) {
    const entry = calendarEntryAt(calendar, local, at);
    if (entry !== undefined) return `calendar ${calendar.name} (${entry})`;
  }
  if (rule.only.length === 0) return undefined;
  if (rule.only.some((calendar) => calendarEntryAt(calendar, local, at) !== undefined))
    return undefined;
  return `not in calendar ${rule.only.map(({ name }) => name).join(' or ')}`;
}

const dayMs = 86_400_000;

/** An excluded occurrence is moved by at most this many days; what finds no day by then is skipped. */
export const longestShiftDays = 31;

/**
 * Where an excluded occurrence is moved to: the same time of day, on the nearest day in the rule's
 * direction on which that is allowed. `undefined` when there is none within `longestShiftDays`.
 */
export function shiftedTo(rule: CalendarRule, at: Instant): Instant | undefined {
  if (rule.shift === undefined) return undefined;
  const local = localTimeOf(at, rule.timezone);
  const step = rule.shift === 'next' ? dayMs : -dayMs;
  for (let days = 1; days <= longestShiftDays; days++) {
    // Judged where it comes to be: a time that the clock skips that day moves on, out of an hour
    // that is allowed, or into one.
    const target = instantOf(local + days * step, rule.timezone);
    if (exclusionAt(rule, target) === undefined) return target;
  }
  return undefined;
}
