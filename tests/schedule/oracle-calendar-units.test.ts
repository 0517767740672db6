import { expect, test } from 'vitest';
import { nextFires } from '../../src/index.ts';
import { isFull } from '../support/is-full.ts';
import { type Random, randomFrom } from './oracle/random-cron.ts';
import { oddZones } from './oracle/zones.ts';

const seed = Number(process.env.JOBSD_SEED ?? 20_261_121);
const cases = isFull ? 2000 : 60;
const dayMs = 86_400_000;

test.each(oddZones)('intervals of days and hours in %s are what Temporal adds up', (zone) => {
  console.log(`calendar units: zone ${zone}, seed ${seed} (JOBSD_SEED)`);
  const random = randomFrom(seed ^ oddZones.indexOf(zone));
  for (let index = 0; index < cases; index++) {
    const start = localNearChange(zone, random);
    const days = random(3) === 0 ? 0 : 1 + random(9);
    const hours = days > 0 && random(2) === 0 ? 0 : 1 + random(30);
    const every = { days, hours, minutes: random(4) === 0 ? 30 : 0 };
    const origin = start.toZonedDateTime(zone, { disambiguation: 'compatible' });
    const wanted = new Set<number>();
    for (let k = 0; k < 6; k++) {
      const { epochMilliseconds } = origin
        .add({ days: days * k })
        .add({ hours: hours * k, minutes: every.minutes * k });
      wanted.add(epochMilliseconds);
    }
    const got = nextFires(
      { type: 'interval', every, start: textOf(start), timezone: zone },
      { after: origin.epochMilliseconds - 1, count: wanted.size },
    );
    const what = `${JSON.stringify(every)} from ${textOf(start)} in ${zone}`;
    expect(got, what).toEqual([...wanted].map((at) => new Date(at).toISOString()));
  }
});

test.each(oddZones)('a time once in %s is the one Temporal calls compatible', (zone) => {
  const random = randomFrom(seed ^ oddZones.indexOf(zone));
  for (let index = 0; index < cases; index++) {
    const at = localNearChange(zone, random);
    const wanted = at.toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds;
    const schedule = { type: 'one-time', at: textOf(at), timezone: zone } as const;
    const got = nextFires(schedule, { after: '1960-01-01', count: 2 });
    expect(got, `${textOf(at)} in ${zone}`).toEqual([new Date(wanted).toISOString()]);
  }
});

/** Most often on the day of a change of the clocks or beside it, and within the hours of changes. */
function localNearChange(zone: string, random: Random): Temporal.PlainDateTime {
  const anyMs = random(4_000_000_000) * 1000;
  const any = Temporal.Instant.fromEpochMilliseconds(anyMs).toZonedDateTimeISO(zone);
  const change = random(5) === 0 ? null : any.getTimeZoneTransition('next');
  const nearMs = change === null ? anyMs : change.epochMilliseconds - random(3) * dayMs;
  return Temporal.Instant.fromEpochMilliseconds(nearMs)
    .toZonedDateTimeISO(zone)
    .toPlainDateTime()
    .with({ hour: random(5), minute: random(12) * 5, second: 0, millisecond: 0 });
}

function textOf(local: Temporal.PlainDateTime): string {
  return local.toString({ smallestUnit: 'second' });
}
