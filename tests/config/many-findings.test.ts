import { expect, test } from 'vitest';
import { renderFindingCount, renderFindings } from '../../src/cli/view/render-findings.ts';
import { buildSnapshot } from '../../src/config/build-snapshot.ts';
import { countAll } from '../../src/config/first-alike.ts';
import { describeEvent } from '../../src/telemetry/describe-event.ts';
import { eventFields } from '../../src/telemetry/event-fields.ts';

const judge = async (files: Readonly<Record<string, string>>) =>
  (
    await buildSnapshot({
      files: Object.entries(files).map(([path, text]) => ({ path, bytes: Buffer.from(text) })),
      unreadable: [],
      moduleFacts: () => 'ok',
    })
  ).findings;

const jobs = (count: number, fields: string, prefix = 'job') =>
  `version: 1\njobs:\n${Array.from({ length: count }, (_, index) => `  ${prefix}-${index}: { ${fields} }\n`).join('')}`;

const unknownKey = 'type: interval, every: 5m, service: jobsd.ping, evry: 1m';
const wrongCron = 'type: cron, cron: "61 * * * *", service: jobsd.ping';

test.each([
  ['an unknown key', unknownKey],
  ['a wrong expression', wrongCron],
  ['a service that is not declared', 'type: interval, every: 5m, service: nope'],
])(
  'of three thousand jobs with %s all are counted and the first thousand are told',
  async (_, fields) => {
    const findings = await judge({ 'a.yaml': jobs(3000, fields) });
    expect(findings.length).toBe(1000);
    expect(findings.map(({ labels }) => labels[0].line)).toEqual(
      Array.from({ length: 1000 }, (_, index) => index + 3),
    );
    expect(findings.at(-1)?.further).toBe(2000);
    expect(countAll(findings)).toBe(3000);
  },
);

test('a hundred alike are drawn, and how many more there are is said after the last', async () => {
  const findings = await judge({ 'a.yaml': jobs(3000, wrongCron) });
  const screen = renderFindings(findings, { color: false });
  expect(screen.match(/^error\[/gm)?.length).toBe(100);
  expect(screen.slice(-230)).toBe(
    `\
error[cron-syntax]: job "job-99": 61 is outside the minute field
   --> a.yaml:102:32
    |
102 |   job-99: { type: cron, cron: "61 * * * *", service: jobsd.ping }
    |                                ^^
    = help: It goes from 0 to 59.
    = and 2 900 more like this in a.yaml
`.slice(-230),
  );
  expect(renderFindingCount(findings)).toBe('3 000 errors in 1 file.\n');
});

test('what is seldom is shown beside what is frequent, in each file', async () => {
  const findings = await judge({
    'a.yaml': jobs(1500, unknownKey),
    'b.yaml': jobs(1200, unknownKey, 'other'),
    'c.yaml': `${jobs(0, '')}  last: { type: cron, cron: "61 * * * *", service: jobsd.ping }\n`,
  });
  const told = findings.filter(({ further }) => further !== undefined);
  expect(told.map(({ labels, further }) => [labels[0].file, further])).toEqual([
    ['a.yaml', 500],
    ['b.yaml', 200],
  ]);
  expect(findings.at(-1)).toMatchObject({ rule: 'cron-syntax', severity: 'error' });
});

test('a thousand different misspellings each get their own answer', async () => {
  const text = `version: 1\njobs:\n${Array.from(
    { length: 1500 },
    (_, index) =>
      `  job-${index}: { type: interval, every: 5m, service: jobsd.ping, overlab${index}: skip }\n`,
  ).join('')}`;
  const findings = await judge({ 'a.yaml': text });
  expect(countAll(findings)).toBe(1500);
  expect(findings[5]?.labels[0].text).toBe('did you mean "overlap"?');
});

test('the log lists twenty, errors first, and says how many there are', async () => {
  const [finding] = await judge({ 'a.yaml': jobs(1, wrongCron) });
  if (!finding) throw new Error('no finding');
  const warnings = Array.from({ length: 30 }, () => ({ ...finding, severity: 'warning' }) as const);
  const event = {
    kind: 'reload-refused',
    cause: 'files',
    revision: '1',
    findings: [...warnings, { ...finding, further: 5 }],
  } as const;
  const [head, first, ...rest] = describeEvent(event).split('\n');
  expect(head).toContain('36 findings');
  expect(first).toContain('error[cron-syntax]');
  expect(rest.length).toBe(20);
  expect(rest.at(-1)).toBe('and 16 more');
  expect(eventFields(event)).toMatchObject({ findingCount: 36, findings: { length: 20 } });
});

test('a hundred and fifty thousand wrong entries of one line are judged, each at its column', async () => {
  const dates = `${'x,'.repeat(150_000)}x`;
  const findings = await judge({
    'a.yaml': `version: 1\ncalendars: { c: { dates: [${dates}] } }\njobs: {}\n`,
  });
  expect(countAll(findings)).toBe(150_001);
  const columns = findings.slice(0, 500).map(({ labels }) => labels[0].column);
  expect(columns).toEqual(columns.map((_, index) => 27 + 2 * index));
});
