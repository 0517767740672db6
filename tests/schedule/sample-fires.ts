import { nextFires } from '../../src/schedule/next-fires.ts';
import { oddZones } from './oracle/zones.ts';

/** Fires of many schedules, some years in the past and the future, as one list. */
export function sampleFires(): string[] {
  const schedules = oddZones.flatMap((timezone) => [
    { type: 'cron', cron: '30 2 * * *', timezone } as const,
    { type: 'cron', cron: ['0 * * * *', '15 0 L * *'], timezone } as const,
    { type: 'interval', every: '1w', start: '1971-03-04 00:10', timezone } as const,
    { type: 'one-time', at: '2095-03-27 02:30', timezone } as const,
  ]);
  const afters = [
    '1971-01-01Z',
    '2026-03-27',
    '2026-10-23',
    '2011-12-29',
    '1985-12-30',
    '2094-12-30',
  ];
  return schedules.flatMap((schedule) =>
    afters.map((after) => nextFires(schedule, { after: after.replace('Z', ''), count: 60 }).join()),
  );
}

// Run on its own by `without-temporal.test.ts`.
if (import.meta.main)
  process.stdout.write(JSON.stringify([typeof globalThis.Temporal, sampleFires()]));
