import { expect, test } from 'vitest';
import { nextOccurrence } from '../../src/schedule/next-occurrence.ts';
import { parseCron } from '../../src/schedule/parse-cron.ts';
import { isFull } from '../support/is-full.ts';
import { compiled, problemsOf } from './compiled.ts';
import { randomCron, randomFrom } from './oracle/random-cron.ts';

const seed = Number(process.env.JOBSD_SEED ?? 20_261_120);

/** The text, and under it a caret below each stretch that is wrong, with message and way out. */
function shown(text: string): string {
  const lines = [JSON.stringify(text).slice(1, -1)];
  for (const { message, help, offset = 0, length = text.length } of problemsOf({
    type: 'cron',
    cron: text,
  }))
    lines.push(`${' '.repeat(offset)}${'^'.repeat(Math.max(1, length))} ${message}\n  ${help}`);
  return lines.join('\n');
}

const wrong = [
  '',
  '   ',
  '* * * *',
  '0 2',
  '5',
  '0 0 1 1 * 2030 2031',
  '0 0 1 1 * * 2030',
  '* * * * * /usr/bin/backup --all',
  'TZ=Europe/Berlin 0 2 * * *',
  'CRON_TZ=UTC 0 2 * * *',
  '"30 2 * * *"',
  '0/15 * * * *',
  '5/10 * * * *',
  '0 0 * * MON/2',
  '60 * * * *',
  '0 24 * * *',
  '60 0 0 * * *',
  '0 0 0 * *',
  '0 0 32 * *',
  '0 0 1 0 *',
  '0 0 1 13 *',
  '0 0 * * 8',
  '*/0 * * * *',
  '*/61 * * * *',
  '0 */25 * * *',
  '0 0 * * */8',
  '*/ * * * *',
  '*/x * * * *',
  '*/5/2 * * * *',
  '*5 * * * *',
  '** * * * *',
  '1,,2 * * * *',
  ',1 * * * *',
  '1, * * * *',
  '50-10 * * * *',
  '0 22-2/2 * * *',
  '50-10/7 * * * *',
  '0 0 * * 7-2',
  '0 0 * * 7/2',
  '0 0 31/5 * *',
  '0/0 * * * *',
  '0/90 * * * *',
  '0 0 1 1 * 2030',
  '0 0 * * MON–FRI',
  '0 22-2 * * *',
  '0 0 * * SAT-MON',
  '0 0 * NOV-FEB *',
  '1- * * * *',
  '-5 * * * *',
  '1-2-3 * * * *',
  '1.5 * * * *',
  '+5 * * * *',
  '5,x * * * *',
  '0 0 * * MONDAY',
  '0 0 * JANUARY *',
  '0 0 JAN * *',
  '0 0 * MON *',
  '0 0 * * FOO',
  '0 0 * * MON-FOO',
  'MON * * * *',
  '0 0 L-31 * *',
  '0 0 L-0 * *',
  '0 0 W * *',
  '0 0 32W * *',
  '0 0 1-5W * *',
  '0 0 * * 5W',
  'L * * * *',
  '0 0 * * L',
  '0 0 5L * *',
  '0 0 * * 9L',
  '0 0 * * 5#6',
  '0 0 * * 5#0',
  '0 0 * * 5#',
  '0 0 * * #2',
  '0 0 * * 1-5#2',
  '0 0 5#2 * *',
  'H(5-70) * * * *',
  'H(9-5) * * * *',
  'H/0 * * * *',
  'H() * * * *',
  '0 0 30 2 *',
  '0 0 31 2,4,6,9,11 *',
  '0 0 */31 2 MON#5',
  '0 0 L-29 2 *',
  '@reboot',
  '@every 5m',
  '@fortnightly',
  '@',
  'every day at noon',
  'é * * * *',
  '０ * * * *',
  '🕐 * * * *',
  '0\u00a0* * * *',
  '0 0\u00a0 * * *',
  '0\u0000 * * * *',
  'hourly',
  'every hour',
  'every 5 minutes',
  'Mon-Fri *-*-* 10:00',
  '0 0 * * 1-5L',
  '0~30 * * * *',
  '0 0 LW-1 * *',
  '1e1 * * * *',
  '99999999999999999999 * * * *',
  '@daily 5',
];

test('each wrong expression is told where and why it is wrong, and what to do', async () => {
  await expect(`${wrong.map(shown).join('\n\n')}\n`).toMatchFileSnapshot('./wrong-cron.out');
});

test('each of 500 and more wrong expressions is refused at a stretch inside the text', () => {
  const texts = [...wrong, ...wrongByRule()];
  expect(texts.length).toBeGreaterThan(500);
  for (const text of texts) {
    const problems = problemsOf({ type: 'cron', cron: text });
    expect(problems, text).not.toEqual([]);
    for (const { message, help = '', offset = 0, length = 0 } of problems) {
      expect(message.length * help.length, text).toBeGreaterThan(0);
      expect(offset >= 0 && offset + length <= Math.max(text.length, offset + 1), text).toBe(true);
    }
  }
});

test('each way out that is an expression is right where it is put', () => {
  const suggested = [...wrong, ...wrongByRule(), ...wrongRanges()].flatMap((text) => {
    const [problem] = problemsOf({ type: 'cron', cron: text });
    const { help = '', offset = 0, length = 0 } = problem ?? {};
    const [, instead] = /^(?:Write|Write it as two:|Did you mean) `([^`]+)`[.?]/.exec(help) ?? [];
    if (instead === undefined) return [];
    return [text.slice(0, offset) + instead + text.slice(offset + length)];
  });
  expect(suggested.length).toBeGreaterThan(120);
  for (const text of suggested) expect(problemsOf({ type: 'cron', cron: text }), text).toEqual([]);
});

/** Ranges and steps of which some run backwards, or begin with a number alone. */
function wrongRanges(): string[] {
  const values = [
    ['0', '5', '59'],
    ['0', '7', '23'],
    ['1', '15', '31'],
    ['1', 'JAN', '12', 'DEC'],
  ];
  const fields = [...values, ['0', 'SUN', '1', 'SAT', '6', '7']];
  return fields.flatMap((ofField, index) =>
    ofField.flatMap((a) =>
      [...ofField.flatMap((b) => [`${a}-${b}`, `${a}-${b}/2`, `${a}-${b}/5`]), `${a}/2`, `${a}/7`]
        .map((item) => ['0', '0', '*', '*', '*'].with(index, item).join(' '))
        .filter((text) => problemsOf({ type: 'cron', cron: text }).length > 0),
    ),
  );
}

/** Each kind of mistake in each field. */
function wrongByRule(): string[] {
  const bounds = [59, 59, 23, 31, 12, 7];
  const mistakes = (max: number): string[] => [
    `${max + 1}`,
    '999999999999999999999',
    `0-${max + 1}`,
    `${max}-1`,
    '*/0',
    '*/61',
    '*/-1',
    '*/1.5',
    '1/2',
    '1-2/0',
    '1-2/',
    '/5',
    '-',
    '--1',
    '1-',
    ',',
    '1,',
    '1,,1',
    'x',
    'XYZ',
    '*x',
    '*-5',
    '1*',
    '?1',
    '#1',
    '1#',
    'W',
    'WL',
    'L1',
    'L-',
    'LL',
    'H(',
    'H)',
    'H(1)',
    'H(1-',
    'H(1-2',
    'HH',
    'H/',
    'H-5',
    '()',
    '[1]',
    '{1}',
    '1;2',
    '1:2',
    '0x1',
    '1e1',
    '٣',
    '$1',
    '%',
    '~',
    '1~5',
    '!1',
    '^1',
    '"1"',
    "'1'",
    '`1`',
    '\\',
    '1_1',
    '<1>',
    '1=1',
    '\u0000',
    '\u001f',
    '1\u200b',
  ];
  return bounds.flatMap((max, index) =>
    mistakes(max).flatMap((mistake) => {
      const fields = ['*', '*', '*', '*', '*', '*'];
      fields[index] = mistake;
      const withSeconds = fields.join(' ');
      return index === 0 ? [withSeconds] : [withSeconds, fields.slice(1).join(' ')];
    }),
  );
}

test('changing signs of right expressions never crashes, and what is accepted fires', () => {
  console.log(`changed cron texts: seed ${seed} (JOBSD_SEED)`);
  const random = randomFrom(seed);
  const signs = '0123456789*/,-?LWH#()@ abcMONJAN\t"\u00e9';
  for (let round = 0; round < (isFull ? 300_000 : 3000); round++) {
    let text = randomCron(random);
    for (let change = 0; change <= random(3); change++) {
      const at = random(text.length + 1);
      text = text.slice(0, at) + (signs[random(signs.length)] ?? '') + text.slice(at + random(3));
    }
    const result = parseCron(text, 'job');
    if (result.ok)
      expect(nextOccurrence(compiled({ type: 'cron', cron: text }), 0, 0), text).toBeGreaterThan(0);
    else expect(result.problems.length, text).toBeGreaterThan(0);
  }
});

test.each([
  ['@yearly', '0 0 1 1 *'],
  ['@annually', '0 0 1 1 *'],
  ['@monthly', '0 0 1 * *'],
  ['@weekly', '0 0 * * 0'],
  ['@daily', '0 0 * * *'],
  ['@midnight', '0 0 * * *'],
  ['@hourly', '0 * * * *'],
  [' @Daily ', '0 0 * * *'],
  ['0 0 * * 7', '0 0 * * SUN'],
  ['0 0 * * 0,7', '0 0 * * 0'],
  ['0 0 * * FRI-SUN', '0 0 * * 5-7'],
  ['0 0 ? jan-mar ?', '0 0 * 1,2,3 *'],
  ['0 0 1 * mon,Wed', '0 0 1 * 1,3'],
  ['\t0  0\n* * *', '0 0 0 * * *'],
  ['05 007 * * *', '5 7 * * *'],
  ['*/60 */24 * * *', '*/60 */24 */1 */1 */1'],
])('"%s" means the same as "%s"', (text, other) => {
  expect(compiled({ type: 'cron', cron: text }).key).toBe(
    compiled({ type: 'cron', cron: other }).key,
  );
});

test('H gives a job one slot for ever, within its range, and spreads jobs evenly', () => {
  const minutes = new Array<number>(60).fill(0);
  for (let index = 0; index < 6000; index++) {
    const schedule = compiled({ type: 'cron', cron: 'H H(1-3) H * H' }, `team-${index}/sync`);
    const at = new Date(nextOccurrence(schedule, 0, 0) ?? 0);
    expect(at.getUTCHours()).toBeGreaterThanOrEqual(1);
    expect(at.getUTCHours()).toBeLessThanOrEqual(3);
    minutes[at.getUTCMinutes()] = (minutes[at.getUTCMinutes()] ?? 0) + 1;
  }
  expect(Math.min(...minutes)).toBeGreaterThan(50);
  expect(Math.max(...minutes)).toBeLessThan(160);
});

test('the slots of H do not change from version to version', () => {
  const times = ['sync-data', 'nightly-report', 'Übersicht'].map((name) => {
    const schedule = compiled({ type: 'cron', cron: 'H H/6 H(5-20)/3 * *' }, name);
    return new Date(nextOccurrence(schedule, 0, 0) ?? 0).toISOString();
  });
  expect(times).toMatchInlineSnapshot(`
    [
      "1970-01-05T03:40:00.000Z",
      "1970-01-06T02:54:00.000Z",
      "1970-01-06T00:01:00.000Z",
    ]
  `);
});

test('H with a step keeps the step and moves the start', () => {
  const schedule = compiled({ type: 'cron', cron: 'H/15 * * * *' }, 'sync-data');
  const first = nextOccurrence(schedule, 0, 0) ?? 0;
  expect(first).toBeLessThan(15 * 60_000);
  expect(nextOccurrence(schedule, first, 0)).toBe(first + 15 * 60_000);
});

test.each([
  ['0\u00a01 * * *', 1, 'a no-break space (U+00A0)'],
  ['0 1\u2009* * *', 3, 'an unusual space (U+2009)'],
  ['0 1 * * *\u200b', 9, 'a zero-width space (U+200B)'],
  ['“0 1 * * *”', 0, 'a typographic quote (U+201C)'],
])('a character that only looks like another is named: %j', (text, offset, words) => {
  const result = parseCron(text, '');
  if (result.ok) throw new Error('it was read');
  expect(result.problems).toMatchObject([{ rule: 'cron-syntax', offset, length: 1 }]);
  expect(result.problems[0]?.message).toContain(words);
});
