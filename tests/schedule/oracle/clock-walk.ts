/** One reading of a zone's clock. */
export interface Reading {
  /** Epoch seconds. Of a skipped reading: the first instant after the gap. */
  readonly at: number;
  /** Where a skipped reading lands when it is moved forward by the gap; else `at`. */
  readonly shiftedAt: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly date: Temporal.PlainDate;
  readonly kind: 'only' | 'first' | 'second' | 'skipped';
}

/** All that a clock shows, and leaves out, from one instant to another, by date. */
export interface ClockWalk {
  readonly from: number;
  readonly until: number;
  readonly days: readonly (readonly [Temporal.PlainDate, readonly Reading[]])[];
}

/**
 * Reads the clock every `step` seconds over [from, until). Knows nothing of offsets and their
 * tables: a reading is skipped when the clock jumps over it, repeated when it was seen before.
 */
export function walkClock(zone: string, from: number, until: number, step: number): ClockWalk {
  const readings: Reading[] = [];
  const seen = new Map<string, number>();
  let previous: Temporal.PlainDateTime | undefined;
  for (let at = from; at < until; at += step) {
    const time = readClock(zone, at);
    if (previous !== undefined) addSkipped(readings, zone, at, previous, time, step);
    const text = time.toString();
    const earlier = seen.get(text);
    if (earlier === undefined) {
      seen.set(text, readings.length);
      readings.push(reading(at, at, time, 'only'));
    } else {
      const first = readings[earlier];
      if (first !== undefined) readings[earlier] = { ...first, kind: 'first' };
      readings.push(reading(at, at, time, 'second'));
    }
    previous = time;
  }
  return { from, until, days: byDate(readings) };
}

function reading(
  at: number,
  shiftedAt: number,
  time: Temporal.PlainDateTime,
  kind: Reading['kind'],
): Reading {
  const { hour, minute, second } = time;
  return { at, shiftedAt, hour, minute, second, date: time.toPlainDate(), kind };
}

function readClock(zone: string, second: number): Temporal.PlainDateTime {
  return Temporal.Instant.fromEpochMilliseconds(second * 1000)
    .toZonedDateTimeISO(zone)
    .toPlainDateTime();
}

function addSkipped(
  readings: Reading[],
  zone: string,
  at: number,
  previous: Temporal.PlainDateTime,
  now: Temporal.PlainDateTime,
  step: number,
): void {
  let skipped = previous.add({ seconds: step });
  while (Temporal.PlainDateTime.compare(skipped, now) < 0) {
    const shifted = skipped.toZonedDateTime(zone, { disambiguation: 'compatible' });
    const shiftedAt = shifted.epochMilliseconds / 1000;
    readings.push(reading(at, shiftedAt, skipped, 'skipped'));
    skipped = skipped.add({ seconds: step });
  }
}

function byDate(readings: readonly Reading[]): (readonly [Temporal.PlainDate, Reading[]])[] {
  const days = new Map<string, readonly [Temporal.PlainDate, Reading[]]>();
  for (const reading of readings) {
    const day = days.get(reading.date.toString());
    if (day === undefined) days.set(reading.date.toString(), [reading.date, [reading]]);
    else day[1].push(reading);
  }
  return [...days.values()];
}
