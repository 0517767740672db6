import { CronExpressionParser } from 'cron-parser';
import { Cron } from 'croner';
import { compileSchedule } from '../src/schedule/compile-schedule.ts';
import { nextOccurrence } from '../src/schedule/next-occurrence.ts';
import type { Schedule, ScheduleDeclaration } from '../src/schedule/schedule.ts';
import { markdownTable, readable } from './bench-table.ts';
import { median } from './median.ts';

export interface NextFireRow {
  readonly what: string;
  readonly jobsdPerSecond: number;
  readonly cronerPerSecond: number;
  readonly cronParserPerSecond: number;
  /** Median over the rounds of ours to the faster of the two. */
  readonly ratio: number;
  readonly aim: string;
}

const zone = 'Europe/Berlin';
const start = Date.UTC(2026, 10, 20, 17);

const expressions = [
  ['* * * * *', '≥ 1 000 000 /s, ≥ 10 ×'],
  ['*/5 * * * *', '≥ 1 000 000 /s, ≥ 10 ×'],
  ['30 2 * * *', '≥ 300 000 /s, ≥ 10 ×'],
  ['0 0 L * *', '≥ 300 000 /s, ≥ 10 ×'],
  ['0 0 29 2 *', '≥ 300 000 /s, ≥ 10 ×'],
] as const;

/** Next fire of one expression again and again, and reading a new one up to its first fire. */
export function nextFireRows(rounds = 7): NextFireRow[] {
  const rows = expressions.map(([expression, aim]) =>
    compare({ what: `\`${expression}\` ${zone}`, aim }, rounds, [
      () => timed(20_000, nextOfJobsd(expression)),
      () => timed(1000, nextOfCroner(expression)),
      () => timed(300, nextOfCronParser(expression)),
    ]),
  );
  rows.push(
    compare({ what: 'read a new expression, first next', aim: '≥ 5 ×' }, rounds, [
      () => timed(5000, firstOfJobsd),
      () => timed(1000, firstOfCroner),
      () => timed(300, firstOfCronParser),
    ]),
  );
  return rows;
}

function compare(
  named: Pick<NextFireRow, 'what' | 'aim'>,
  rounds: number,
  contenders: readonly (() => number)[],
): NextFireRow {
  const rates = contenders.map((): number[] => []);
  for (let round = 0; round < rounds + 1; round++)
    // Each round begins with another contender, so that none always runs on a warm or a busy core.
    for (let turn = 0; turn < contenders.length; turn++) {
      const index = (round + turn) % contenders.length;
      const rate = contenders[index]?.() ?? 0;
      if (round > 0) rates[index]?.push(rate);
    }
  const [ours = [], croner = [], cronParser = []] = rates;
  const ratios = ours.map(
    (rate, index) => rate / Math.max(croner[index] ?? 0, cronParser[index] ?? 0),
  );
  return {
    ...named,
    jobsdPerSecond: median(ours),
    cronerPerSecond: median(croner),
    cronParserPerSecond: median(cronParser),
    ratio: median(ratios),
  };
}

function timed(count: number, work: (index: number) => unknown): number {
  const from = performance.now();
  for (let index = 0; index < count; index++) work(index);
  return (count * 1000) / (performance.now() - from);
}

function nextOfJobsd(expression: string): () => number {
  const schedule = compiled({ type: 'cron', cron: expression, timezone: zone });
  let at = start;
  return () => {
    at = nextOccurrence(schedule, at, 0) ?? start;
    return at;
  };
}

function nextOfCroner(expression: string): () => number {
  const cron = new Cron(expression, { timezone: zone, paused: true });
  let at = new Date(start);
  return () => {
    at = cron.nextRun(at) ?? new Date(start);
    return at.getTime();
  };
}

function nextOfCronParser(expression: string): () => number {
  const cron = CronExpressionParser.parse(expression, { tz: zone, currentDate: new Date(start) });
  return () => cron.next().getTime();
}

function firstOfJobsd(index: number): number | undefined {
  return nextOccurrence(
    compiled({ type: 'cron', cron: newExpression(index), timezone: zone }),
    start,
    0,
  );
}

function firstOfCroner(index: number): number | undefined {
  const cron = new Cron(newExpression(index), { timezone: zone, paused: true });
  return cron.nextRun(new Date(start))?.getTime();
}

function firstOfCronParser(index: number): number {
  return CronExpressionParser.parse(newExpression(index), {
    tz: zone,
    currentDate: new Date(start),
  })
    .next()
    .getTime();
}

function newExpression(index: number): string {
  return `${index % 60} ${(index >> 3) % 24} ${1 + (index % 28)} * MON-FRI`;
}

function compiled(declaration: ScheduleDeclaration): Schedule {
  const result = compileSchedule(declaration, { jobName: 'bench', timezone: 'UTC' });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.schedule;
}

function table(rows: readonly NextFireRow[]): string {
  return markdownTable(
    ['what', 'jobsd', 'croner', 'cron-parser', 'to the faster', 'aim'],
    rows.map(({ what, jobsdPerSecond, cronerPerSecond, cronParserPerSecond, ratio, aim }) => [
      what,
      ...[jobsdPerSecond, cronerPerSecond, cronParserPerSecond].map(readable),
      `${readable(ratio)} ×`,
      aim,
    ]),
  );
}

if (import.meta.main) process.stdout.write(table(nextFireRows()));
