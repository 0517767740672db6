import type { Instant } from '../../../src/clock/clock.ts';
import { type CronMeaning, cronMeaning } from '../../schedule/oracle/cron-meaning.ts';

export interface Span {
  readonly fromAt: Instant;
  readonly untilAt: Instant;
}

const known = new Map<string, readonly Instant[]>();

/**
 * Every instant in [fromAt, untilAt) at which the expression fires, by the default policies of
 * DESIGN §5. Goes through the dates of the zone one by one, and asks Temporal what the clock shows.
 */
export function cronInstants(expression: string, zone: string, span: Span): readonly Instant[] {
  const key = `${expression} ${zone} ${span.fromAt} ${span.untilAt}`;
  let instants = known.get(key);
  if (!instants) {
    instants = findInstants(cronMeaning(expression), zone, span);
    known.set(key, instants);
  }
  return instants;
}

function findInstants(meaning: CronMeaning, zone: string, { fromAt, untilAt }: Span): Instant[] {
  const times = timesOfDay(meaning);
  const found = new Set<Instant>();
  const dateOf = (at: Instant) =>
    Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate();
  const last = dateOf(untilAt).add({ days: 2 });
  let date = dateOf(fromAt).subtract({ days: 2 });
  for (; Temporal.PlainDate.compare(date, last) <= 0; date = date.add({ days: 1 })) {
    if (!meaning.isDate(date)) continue;
    for (const at of instantsOn(date, zone, times, meaning.followsClock)) {
      if (at >= fromAt && at < untilAt) found.add(at);
    }
  }
  return [...found].sort((a, b) => a - b);
}

function timesOfDay(meaning: CronMeaning): Temporal.PlainTime[] {
  const times: Temporal.PlainTime[] = [];
  for (let ofDay = 0; ofDay < 1440; ofDay++) {
    const hour = Math.floor(ofDay / 60);
    const minute = ofDay % 60;
    if (!meaning.isHour(hour) || !meaning.isMinute(minute)) continue;
    for (let second = 0; second < 60; second++) {
      if (meaning.isSecond(second)) times.push(new Temporal.PlainTime(hour, minute, second));
    }
  }
  return times;
}

function instantsOn(
  date: Temporal.PlainDate,
  zone: string,
  times: readonly Temporal.PlainTime[],
  followsClock: boolean,
): Instant[] {
  const midnight = date.toZonedDateTime({ timeZone: zone });
  const change = midnight.subtract({ hours: 26 }).getTimeZoneTransition('next');
  const isOrdinary =
    change === null || change.epochMilliseconds > midnight.epochMilliseconds + 50 * 3_600_000;
  if (isOrdinary) {
    return times.map(
      (time) =>
        midnight.epochMilliseconds + ((time.hour * 60 + time.minute) * 60 + time.second) * 1000,
    );
  }
  return times.flatMap((time) => aroundChange(date.toPlainDateTime(time), zone, followsClock));
}

/** A clock reading that may be shown twice, or never. */
function aroundChange(
  reading: Temporal.PlainDateTime,
  zone: string,
  followsClock: boolean,
): Instant[] {
  const earlier = reading.toZonedDateTime(zone, { disambiguation: 'earlier' });
  const later = reading.toZonedDateTime(zone, { disambiguation: 'later' });
  const [first, second] = [earlier.epochMilliseconds, later.epochMilliseconds];
  if (first === second) return [first];
  if (earlier.toPlainDateTime().equals(reading)) return followsClock ? [first, second] : [first];
  if (followsClock) return [];
  const gap = earlier.subtract({ hours: 26 }).getTimeZoneTransition('next');
  return gap === null ? [] : [gap.epochMilliseconds];
}
