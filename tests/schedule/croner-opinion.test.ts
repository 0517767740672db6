import { Cron } from 'croner';
import { expect, test } from 'vitest';
import { nextOccurrence } from '../../src/schedule/next-occurrence.ts';
import { isFull } from '../support/is-full.ts';
import { compiled, problemsOf } from './compiled.ts';
import { randomCron, randomFrom } from './oracle/random-cron.ts';

const seed = Number(process.env.JOBSD_SEED ?? 20_261_120);
const count = isFull ? 3000 : 150;

interface Difference {
  readonly reason: string;
  readonly concerns: (day: string, weekday: string) => boolean;
}

/** What croner does otherwise, and why it is not followed. */
const differences: readonly Difference[] = [
  { reason: 'croner has no L-n', concerns: (day) => /L-/.test(day) },
  { reason: 'croner takes LW only as the whole field', concerns: (day) => /LW/.test(day) },
  {
    reason:
      'to croner only a lone star is no restriction; to Vixie cron any day field with a star in front',
    concerns: (day, weekday) => [day, weekday].some((field) => /^[*?]./.test(field)),
  },
  {
    reason: 'croner reads the range from Sunday to Sunday as the whole week',
    concerns: (_, weekday) => /(SUN|0)-SUN/.test(weekday),
  },
];

function isComparable(cron: string): boolean {
  const [day = '', , weekday = ''] = cron.trim().toUpperCase().split(/\s+/).slice(-3);
  return !differences.some(({ concerns }) => concerns(day, weekday));
}

test('in UTC croner agrees about every expression that both understand', () => {
  console.log(`croner as second opinion: seed ${seed} (JOBSD_SEED)`);
  const random = randomFrom(seed);
  const disagreements: string[] = [];
  for (let checked = 0; checked < count; ) {
    const cron = randomCron(random);
    if (!isComparable(cron) || problemsOf({ type: 'cron', cron }).length > 0) continue;
    checked++;
    const after = Date.UTC(2020 + random(20), random(12), 1 + random(28), random(24), random(60));
    const ours = ourFires(cron, after);
    const theirs = cronerFires(cron, after);
    if (ours.join() !== theirs.join()) disagreements.push(`${cron}: ${ours} but ${theirs}`);
  }
  expect(disagreements).toEqual([]);
}, 600_000);

test('croner does not understand what it is said not to understand', () => {
  for (const cron of ['0 0 L-3 * *', '0 0 15,LW * *'])
    expect(cronerFires(cron, 0)[0], cron).toContain('Error');
  for (const cron of ['0 0 */2 * MON', '0 0 * * SUN-SUN'])
    expect(cronerFires(cron, 0), cron).not.toEqual(ourFires(cron, 0));
});

function ourFires(cron: string, after: number): string[] {
  const schedule = compiled({ type: 'cron', cron });
  const fires: string[] = [];
  let at = nextOccurrence(schedule, after, 0);
  while (at !== undefined && fires.length < 4) {
    fires.push(new Date(at).toISOString());
    at = nextOccurrence(schedule, at, 0);
  }
  return fires;
}

function cronerFires(cron: string, after: number): string[] {
  try {
    const job = new Cron(cron.trim().replace(/\s+/g, ' '), { timezone: 'UTC', paused: true });
    return job.nextRuns(4, new Date(after)).map((fire) => fire.toISOString());
  } catch (error) {
    return [String(error)];
  }
}
