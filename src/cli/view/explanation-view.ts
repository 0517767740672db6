import type { ClockChangeEffect } from '../../schedule/clock-change-effects.ts';
import type { LocalTime } from '../../schedule/local-time.ts';
import { clockText, dateText } from '../../schedule/words/local-text.ts';
import type { Explanation } from '../explain-schedule.ts';
import { fireViews } from './named-fire.ts';

/** An explanation as programs read it. */
export function explanationView(explanation: Explanation) {
  const { kind, title, schedule, type, timezone, words, fires, effects, range } = explanation;
  return {
    kind,
    ...(kind === 'job' ? { job: title } : {}),
    type,
    schedule,
    timezone,
    words: words.sentence,
    notes: words.notes,
    fires: fireViews(fires),
    clockChanges: { until: iso(range.upTo), effects: effects.map(effectView) },
    ...(explanation.definition !== undefined && { definition: explanation.definition }),
  };
}

function effectView({ change, kind, times, count, movedTo, fires, driftMs }: ClockChangeEffect) {
  return {
    at: iso(change.at),
    change: change.kind,
    effect: kind,
    ...(kind !== 'drifts' && { times: times.map(localIsoText), count }),
    ...(movedTo !== undefined && { movedTo: localIsoText(movedTo) }),
    ...(fires !== undefined && { fires }),
    ...(driftMs !== undefined && { driftMs }),
  };
}

function localIsoText(local: LocalTime): string {
  return `${dateText(local)}T${clockText(local).padEnd(8, ':00')}`;
}

const iso = (at: number) => new Date(at).toISOString();
