import type { Instant } from '../clock/clock.ts';
import { movedTo } from './calendar-occurrence.ts';
import { type CalendarRule, exclusionAt } from './calendar-rule.ts';
import { wantedOf, windowStart } from './catch-up-rule.ts';
import { isUsedUp, type Progress } from './progress.ts';
import { ShiftedOccurrences } from './shifted-occurrences.ts';
import type { ExcludedStretch, MissedStretch, Occurrence, TakeUp, TakeUpInput } from './take-up.ts';

interface Dated {
  readonly nominalAt: Instant;
  readonly plannedAt: Instant;
  readonly number: number;
}

/**
 * The same rule for a job with calendars: each occurrence is looked at, what is excluded goes into
 * stretches of its own, and catch-up counts only what is allowed.
 */
export function takeUpByCalendar(input: TakeUpInput, rule: CalendarRule): TakeUp {
  const gap = new GapCollector(wantedOf(input.catchUp));
  const excluded: ExcludedStretch[] = [];
  const onTime: Occurrence[] = [];
  let { progress } = input;
  const { cursorAt, anchorAt } = progress;
  const occurrences = new ShiftedOccurrences(input.schedule, rule, cursorAt, anchorAt);
  for (;;) {
    const nominalAt = isUsedUp(input.schedule, progress) ? undefined : occurrences.next();
    const plannedAt = nominalAt === undefined ? undefined : input.plan(nominalAt);
    if (nominalAt === undefined || plannedAt === undefined || plannedAt > input.now) {
      const caught = gap.judge(input);
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
    if (reason !== undefined) addExcluded(excluded, nominalAt, reason);
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

function addExcluded(excluded: ExcludedStretch[], at: Instant, reason: string): void {
  const last = excluded.at(-1);
  if (last?.reason !== reason) {
    excluded.push({ firstAt: at, lastAt: at, count: 1, reason });
    return;
  }
  excluded[excluded.length - 1] = { ...last, lastAt: at, count: last.count + 1 };
}

/** The allowed occurrences of a gap: counts all, keeps the newest that may be caught up. */
class GapCollector {
  private readonly wanted: number;
  private newest: Dated[] = [];
  private count = 0;
  private first: Instant | undefined;
  private lastDropped: Instant | undefined;

  constructor(wanted: number) {
    this.wanted = wanted;
  }

  add(dated: Dated): void {
    this.count += 1;
    this.first ??= dated.nominalAt;
    this.newest.push(dated);
    if (this.newest.length > this.wanted) this.lastDropped = this.newest.shift()?.nominalAt;
  }

  judge(input: TakeUpInput): { fire: readonly Occurrence[]; missed?: MissedStretch } {
    if (this.first === undefined) return { fire: [] };
    const openStart = windowStart(input, this.newest.at(-1)?.nominalAt ?? input.gapEndAt);
    const caughtUp = this.newest.filter(({ nominalAt }) => nominalAt > openStart);
    const fire = caughtUp.map((dated): Occurrence => ({ ...dated, trigger: 'catch-up' }));
    const count = this.count - fire.length;
    if (count === 0) return { fire };
    const tooOld = this.newest.at(-1 - caughtUp.length);
    const lastAt = tooOld?.nominalAt ?? this.lastDropped ?? this.first;
    const reason = lastAt <= openStart ? 'window' : 'outage';
    return { fire, missed: { firstAt: this.first, lastAt, count, reason } };
  }
}
