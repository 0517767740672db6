import { expect, test } from 'vitest';
import { compileSchedule } from '../../src/schedule/compile-schedule.ts';
import type { ScheduleDeclaration } from '../../src/schedule/schedule.ts';
import { scheduleWords } from '../../src/schedule/words/schedule-words.ts';

const expressions = [
  ['30 2 * * *'],
  ['30 2 * * MON-FRI'],
  ['0 0 * * *'],
  ['@daily'],
  ['@hourly'],
  ['@weekly'],
  ['@monthly'],
  ['@yearly'],
  ['* * * * *'],
  ['* * * * * *'],
  ['*/5 * * * *'],
  ['*/7 * * * *'],
  ['*/45 * * * *'],
  ['*/10 * * * * *'],
  ['*/7 * * * * *'],
  ['30 * * * * *'],
  ['15,45 * * * *'],
  ['17 * * * *'],
  ['10-20 * * * *'],
  ['3-59/15 * * * *'],
  ['5-59/10 * * * *'],
  ['0 9-17 * * MON-FRI'],
  ['30 9-17 * * *'],
  ['*/5 9-17 * * *'],
  ['*/5 8-10,14-16 * * *'],
  ['*/15 22,23,0-5 * * *'],
  ['*/2 */2 * * *'],
  ['0 0-7,*/2 * * *'],
  ['0 1-8,14-16 * * *'],
  ['0 0,2-9 * * *'],
  ['30 1-8,20 * * *'],
  ['0 */2 * * *'],
  ['0 */5 * * *'],
  ['30 */6 * * *'],
  ['0,30 9,17 * * *'],
  ['5,25,50 8-18 * * 1-5'],
  ['15 30 2 * * *'],
  ['*/20 30 2 * * *'],
  ['*/10 0 9 * * *'],
  ['0 0 1 * *'],
  ['0 0 1,15 * *'],
  ['0 0 1-7 * *'],
  ['0 0 */2 * *'],
  ['0 0 29 * *'],
  ['0 0 31 * *'],
  ['0 0 29 2 *'],
  ['0 0 30 1,3-6 *'],
  ['0 0 L * *'],
  ['0 0 L-3 * *'],
  ['0 0 LW * *'],
  ['0 0 15W * *'],
  ['0 0 1W,15W * *'],
  ['0 0 1,L * *'],
  ['0 0 13 * FRI'],
  ['0 0 1-7 * MON'],
  ['0 0 */2 * MON'],
  ['0 0 1-31 * MON'],
  ['0 0 1,15W,L * FRI#2,MON'],
  ['0 0 * * 0,6'],
  ['0 0 * * FRI-SUN'],
  ['0 0 * * 7'],
  ['0 0 * * MON#1'],
  ['0 0 * * FRI#5'],
  ['0 0 * * 5L'],
  ['0 0 */10 * 5L'],
  ['0 0 ? * TUE,THU'],
  ['15 10 * JUN-AUG *'],
  ['0 0 1 */3 *'],
  ['0 0 1 */5 *'],
  ['0 0 * 12 */2'],
  ['H H * * *'],
  ['H/15 * * * *'],
  ['H/7 * * * *'],
  ['H H(1-4) H * *'],
  ['0 9 * * MON-FRI', '30 17 * * *'],
  ['0 9 13 * FRI', '0 9 * * *'],
] as const;

const declarations: readonly ScheduleDeclaration[] = [
  ...expressions.map((cron) => ({ type: 'cron', cron }) as const),
  { type: 'cron', cron: '0 9 * * *', timezone: 'UTC', start: '2030-01-01', repeats: 10 },
  { type: 'cron', cron: '0 9 * * *', until: '2030-06-01 12:00' },
  { type: 'interval', every: '1h' },
  { type: 'interval', every: '1h30m', start: '2030-01-01 02:30' },
  { type: 'interval', every: '1d', start: '2030-01-01 02:30' },
  { type: 'interval', every: '24h', start: '2030-01-01 02:30', until: '2031-01-01' },
  { type: 'interval', every: '1w2d', repeats: 1 },
  { type: 'interval', every: '25h' },
  { type: 'interval', every: '1d12h', start: '2030-01-01 02:30' },
  { type: 'interval', every: { weeks: 2 }, start: '2030-01-07 09:00', timezone: 'UTC' },
  { type: 'interval', every: '1500ms', start: '2030-01-01T00:00:00.250Z' },
  { type: 'one-time', at: '2030-07-29 11:35:49' },
  { type: 'one-time', at: '2030-03-31 02:30' },
  { type: 'one-time', at: '2030-01-01T00:00:00Z', timezone: 'UTC' },
  { type: 'manual' },
];

function told(declaration: ScheduleDeclaration): string {
  const compiled = compileSchedule(declaration, {
    jobName: 'sync-data',
    timezone: 'Europe/Berlin',
  });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
  const { sentence, notes } = scheduleWords(compiled.schedule);
  const { type, ...rest } = declaration;
  const written = 'cron' in rest && Object.keys(rest).length === 1 ? [rest.cron].flat() : [rest];
  const shown = written.map((one) => (typeof one === 'string' ? one : JSON.stringify(one)));
  return [
    `${type} ${shown.join(' | ')}`,
    `    ${sentence}`,
    ...notes.map((note) => `    - ${note}`),
  ]
    .join('\n')
    .concat('\n');
}

test('schedules are told in words', async () => {
  await expect(declarations.map(told).join('\n')).toMatchFileSnapshot('../golden/words.txt');
});
