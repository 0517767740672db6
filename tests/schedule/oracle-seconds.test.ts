import { expect, test } from 'vitest';
import { nextOccurrence } from '../../src/schedule/next-occurrence.ts';
import { isFull } from '../support/is-full.ts';
import { compiled } from './compiled.ts';
import { walkClock } from './oracle/clock-walk.ts';
import { oracleFires } from './oracle/oracle-fires.ts';
import { transitionsOf } from './oracle/transitions.ts';

/** Zone and year of a change; several of one zone where its law changed. */
const changes: readonly (readonly [zone: string, year: number])[] = [
  ['Europe/Berlin', 1980],
  ['Europe/Berlin', 2026],
  ['Europe/Berlin', 2099],
  ['America/New_York', 2007],
  ['America/New_York', 2026],
  ['Australia/Lord_Howe', 1981],
  ['Australia/Lord_Howe', 2026],
  ['America/Santiago', 2026],
  ['Antarctica/Troll', 2026],
  ['Africa/Cairo', 2026],
  ['Pacific/Apia', 2011],
  ['Asia/Kathmandu', 1985],
  ['Africa/Monrovia', 1972],
  ['Africa/Casablanca', 2026],
  ['Asia/Tehran', 2022],
  ['America/Caracas', 2007],
  ['America/Sao_Paulo', 2018],
  ['Asia/Beirut', 2026],
  ['Pacific/Chatham', 2026],
  ['America/St_Johns', 1988],
];

const expressions = [
  '*/7 * * * * *',
  '30 15 * * * *',
  '0 30 2 * * *',
  '59 59 23 * * *',
  '0 0 0 * * *',
  '10,50 5-55/25 0-3 * * *',
];

// Two changes of each, because one is a gap and the other an overlap: 40 in all. The quick run
// takes every third zone.
test.each(changes.filter((_, index) => isFull || index % 3 === 1))(
  'every second around the changes of %s in %i agrees with the oracle',
  (zone, year) => {
    const inYear = transitionsOf(zone).filter(
      (at) => new Date(at * 1000).getUTCFullYear() === year,
    );
    expect(inYear).not.toEqual([]);
    for (const change of inYear.slice(0, 2)) {
      // A day that was left out is a gap of 24 hours.
      const reach = zone === 'Pacific/Apia' ? 90_000 : 4200;
      const walk = walkClock(zone, change - 4 * 3600, change + reach, 1);
      for (const cron of expressions) checkEverySecond(zone, cron, change, walk, reach);
    }
  },
);

function checkEverySecond(
  zone: string,
  cron: string,
  change: number,
  walk: ReturnType<typeof walkClock>,
  reach: number,
): void {
  const schedule = compiled({ type: 'cron', cron, timezone: zone });
  const fires = oracleFires(cron, walk, 1, change - 3 * 3600, change + reach);
  let index = 0;
  for (let second = change - 3 * 3600; second < change + reach; second++) {
    while ((fires[index] ?? Infinity) <= second) index++;
    const wanted = fires[index];
    if (wanted === undefined) return;
    const got = nextOccurrence(schedule, second * 1000, 0);
    if (got !== wanted * 1000)
      expect([cron, second, got && got / 1000]).toEqual([cron, second, wanted]);
  }
}
