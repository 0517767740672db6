import { expect, test } from 'vitest';
import { intlZoneReader } from '../../src/schedule/intl-zone-reader.ts';
import { instantOf, localTimeOf } from '../../src/schedule/local-time.ts';
import { temporalZoneReader } from '../../src/schedule/temporal-zone-reader.ts';
import { isFull } from '../support/is-full.ts';
import { randomFrom } from './oracle/random-cron.ts';
import { oddZones } from './oracle/zones.ts';

const zones = isFull ? Intl.supportedValuesOf('timeZone') : oddZones.slice(0, 8);
const year = 366 * 86_400;

test.each(zones)(
  'Intl and Temporal tell the same offsets of %s',
  (zone) => {
    const [from, until] = isFull ? [0, 130 * year] : [38 * year, 60 * year];
    const byTemporal = temporalZoneReader.readSpan(zone, from, until);
    const byIntl = intlZoneReader.readSpan(zone, from, until);
    expect(byIntl.firstOffset).toBe(byTemporal.firstOffset);
    const end = Math.min(byIntl.completeUntil, byTemporal.completeUntil);
    const before = ([at]: readonly [number, number]) => at < end;
    expect(byIntl.changes.filter(before)).toEqual(byTemporal.changes.filter(before));
    expect(end).toBeGreaterThanOrEqual(until);
  },
  60_000,
);

test.each(oddZones)('local times of %s are placed as Temporal places them', (zone) => {
  const random = randomFrom(7);
  for (let index = 0; index < 300; index++) {
    const instant = random(4_102_444_800) * 1000;
    const local = localTimeOf(instant, zone);
    const shown = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone);
    const plain = shown.toPlainDateTime();
    expect(new Date(local).toISOString()).toBe(
      `${plain.toString({ smallestUnit: 'millisecond' })}Z`,
    );
    expect(instantOf(local, zone)).toBe(plain.toZonedDateTime(zone).epochMilliseconds);
    // Around each change, where local times are skipped or repeated.
    const change = shown.getTimeZoneTransition('next');
    if (change === null) continue;
    const near = change.toPlainDateTime().add({ minutes: random(360) - 180 });
    const nearLocal = Date.parse(`${near.toString()}Z`);
    expect(instantOf(nearLocal, zone), `${near} ${zone}`).toBe(
      near.toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds,
    );
  }
});

test('a zone that does not exist has no proper name, by either reader', () => {
  for (const reader of [temporalZoneReader, intlZoneReader]) {
    expect(reader.properName('Europe/Nowhere')).toBeUndefined();
    expect(reader.properName('Europe/Berlin')).toBe('Europe/Berlin');
  }
});
