import type { Instant } from '../clock/clock.ts';
import { movedTo } from './calendar-occurrence.ts';
import { type CalendarRule, exclusionAt } from './calendar-rule.ts';
import { GapCollector } from './gap-collector.ts';
import { passLongGap } from './pass-long-gap.ts';
import { isUsedUp, type Progress } from './progress.ts';
import { ShiftedOccurrences } from './shifted-occurrences.ts';
import type { ExcludedStretch, Occurrence, TakeUp, TakeUpInput } from './take-up.ts';

/**
 * The same rule for a job with calendars: each occurrence is looked at, what is excluded goes into
 * stretches of its own, and catch-up counts only what is allowed.
 */
export function takeUpByCalendar(input: TakeUpInput, rule: CalendarRule): TakeUp {
  const gap = new GapCollector(input);
  const excluded: ExcludedStretch[] = [];
  const onTime: Occurrence[] = [];
  const addExcluded = (stretch: ExcludedStretch) => void append(excluded, stretch);
  let progress = passLongGap(input, rule, { gap, addExcluded });
  const { cursorAt, anchorAt } = progress;
  const occurrences = new ShiftedOccurrences(input.schedule, rule, cursorAt, anchorAt);
  for (;;) {
    const nominalAt = isUsedUp(input.schedule, progress) ? undefined : occurrences.next();
    const plannedAt = nominalAt === undefined ? undefined : input.plan(nominalAt);
    if (nominalAt === undefined || plannedAt === undefined || plannedAt > input.now) {
      const caught = gap.judge();
      const next =
        nominalAt === undefined || plannedAt === undefined
          ? {}
          : { next: { nominalAt, plannedAt } };
      const missed = caught.missed === undefined ? {} : { missed: caught.missed };
      return { fire: [...caught.fire, ...onTime], ...missed, excluded, progress, ...next };
    }
    const reason = exclusionAt(rule, nominalAt);
    progress = after(
      progress,
      nominalAt,
      reason === undefined || isSkipped(input, rule, nominalAt),
    );
    const dated = { nominalAt, plannedAt, number: progress.occurrences };
    if (reason !== undefined)
      addExcluded({ firstAt: nominalAt, lastAt: nominalAt, count: 1, reason });
    else if (plannedAt <= input.gapEndAt) gap.add(dated);
    else onTime.push({ ...dated, trigger: 'schedule' });
  }
}

function after(progress: Progress, cursorAt: Instant, isCounted: boolean): Progress {
  const occurrences = progress.occurrences + (isCounted ? 1 : 0);
  return { ...progress, cursorAt, occurrences };
}

/** One that is moved counts where it goes: else `repeats` would count it twice. */
function isSkipped({ schedule }: TakeUpInput, rule: CalendarRule, excludedAt: Instant): boolean {
  return movedTo(schedule, rule, excludedAt) === undefined;
}

function append(excluded: ExcludedStretch[], stretch: ExcludedStretch): void {
  const last = excluded.at(-1);
  if (last?.reason !== stretch.reason) excluded.push(stretch);
  else {
    const { lastAt, count } = stretch;
    excluded[excluded.length - 1] = { ...last, lastAt, count: last.count + count };
  }
}
