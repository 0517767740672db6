import fc from 'fast-check';
import { expect, test } from 'vitest';
import { renderFindings } from '../../src/cli/view/render-findings.ts';
import { buildSnapshot } from '../../src/config/build-snapshot.ts';
import { resolveSecrets } from '../../src/config/resolve-secrets.ts';
import { isFull } from '../support/is-full.ts';

function judge(...files: (string | Uint8Array)[]) {
  return buildSnapshot({
    files: files.map((file, index) => ({ path: `${index}.yaml`, bytes: Buffer.from(file) })),
    unreadable: [],
    moduleFacts: (path) => (path.includes('missing') ? 'missing' : 'ok'),
    now: 0,
  });
}

const head = 'version: 1\njobs:\n  x:\n    type: manual\n    service: jobsd.ping\n';
const long = 10 * 1024 * 1024;
const manyJobs = Array.from(
  { length: 4000 },
  (_, n) => `  j${n}: { type: manual, service: jobsd.ping }\n`,
);

const hostile: Readonly<Record<string, readonly [text: string, rule: string, line: number]>> = {
  '10 000 nested lists': [
    `${head}    extra: ${'['.repeat(10_000)}${']'.repeat(10_000)}`,
    'yaml-too-deep',
    6,
  ],
  '10 000 brackets that stay open': [
    `${head}    extra: ${'{a: '.repeat(10_000)}`,
    'yaml-too-deep',
    6,
  ],
  '10 000 nested dashes': [`${head}    extra:\n      ${'- '.repeat(10_000)}x`, 'yaml-too-deep', 7],
  '4 000 levels of indentation': [
    Array.from({ length: 4000 }, (_, n) => `${' '.repeat(n)}a:\n`).join(''),
    'yaml-too-deep',
    64,
  ],
  '10 MB of brackets': ['['.repeat(long), 'yaml-too-deep', 1],
  '10 MB in one plain text': [`${head}    extra: ${'a'.repeat(long)}`, 'yaml-too-long', 6],
  '10 MB in one quoted text': [`${head}    extra: "${'a'.repeat(long)}"`, 'yaml-too-long', 6],
  '10 MB in one block text': [
    `${head}    extra: |\n${'      abcdefgh\n'.repeat(long / 15)}`,
    'yaml-too-long',
    7,
  ],
  '10 MB in one key': [`${head}    ${'k'.repeat(long)}: 1`, 'yaml-too-long', 6],
  '10 MB of list items on one line': [
    `${head}    extra: [${'1,'.repeat(long / 2)}]`,
    'yaml-too-large',
    6,
  ],
  '10 MB of quotes': ["'".repeat(long), 'yaml-too-long', 1],
  '10 MB of documents': ['---\n'.repeat(long / 4), 'yaml-several-documents', 2],
  '10 MB of directives': ['%A\n'.repeat(long / 3), 'yaml-syntax', 1],
  '10 MB of NUL bytes': ['\0'.repeat(long), 'control-character', 1],
  'aliases of aliases of aliases': [
    `${head}    extra:\n      a: &a [x,x,x,x,x,x,x,x,x,x]\n${[...'abcdefghi']
      .map((name, n) => `      ${'bcdefghij'[n]}: &${'bcdefghij'[n]} [${`*${name},`.repeat(10)}]\n`)
      .join('')}`,
    'yaml-alias-bomb',
    12,
  ],
  'maps merged thousands of times': [
    `x: &x { ${Array.from({ length: 2000 }, (_, n) => `k${n}: 1`).join(', ')} }\n${Array.from({ length: 1000 }, (_, n) => `y${n}: { <<: *x }\n`).join('')}`,
    'yaml-alias-bomb',
    1,
  ],
  'an alias inside its own anchor': [`${head}    extra: &a [*a]`, 'yaml-alias', 6],
  'a mistake at the end of thousands of jobs': [
    `version: 1\njobs:\n${manyJobs.join('')}  x:\n    type: cron\n    cron: * * * * *\n`,
    'unquoted-cron',
    4005,
  ],
};

test.each(Object.entries(hostile))(
  '%s is one finding at its line',
  async (_name, [text, rule, line]) => {
    const { findings } = await judge(text);
    expect(findings.map((finding) => [finding.rule, finding.labels[0].line])).toEqual([
      [rule, line],
    ]);
    expect(renderFindings(findings, { color: false }).length).toBeLessThan(3000);
  },
);

test('a long chain of reactions is no mistake, and jobs that all run each other are one', async () => {
  const chain = Array.from(
    { length: 3000 },
    (_, n) =>
      `  j${n}: { type: manual, service: jobsd.ping, on: { success: { job: j${n + 1} } } }\n`,
  );
  const end = '  j3000: { type: manual, service: jobsd.ping }\n';
  expect(await judge(`version: 1\njobs:\n${chain.join('')}${end}`)).toMatchObject({ ok: true });
  const circle = end.replace(' }', ', on: { success: { job: j0 } } }');
  const { findings } = await judge(`version: 1\njobs:\n${chain.join('')}${circle}`);
  expect(findings.map(({ rule }) => rule)).toEqual(['reaction-cycle']);
});

const valid = `version: 1
defaults: { timezone: Europe/Athens, timeout: 10m, retry: { attempts: 2 }, catchUp: { mode: all, window: 6h } }
endpoints:
  e: { type: rest, url: "\${env:URL:-http://127.0.0.1}", auth: { basic: { username: a, password: "\${env:P}" } } }
  m: { type: smtp, url: smtp://127.0.0.1:25 }
services:
  s: { module: services/s.ts, endpoints: [e, m], timeout: 5s }
groups:
  g: { maxRunning: 2, rate: { count: 10, per: 1m } }
jobs:
  a: { type: one-time, at: 2027-07-29 11:35:49, service: s }
  b: { type: interval, every: { hours: 1 }, repeats: 168, service: s, extra: { any: [thing, 1, null] } }
  c:
    type: cron
    cron: ["@daily", 0 9 * * MON]
    service: s
    dst: { gap: skip }
    group: g
    on: { failure: s, success: { job: a } }
  d: { type: manual, service: jobsd.echo, labels: { x: "1" }, renamedFrom: old }
daemon: { hosts: { count: 1, memory: 1GB }, retention: { age: 7d } }
`;

const pieces = [
  '',
  '\n',
  '  ',
  ':',
  ': ',
  ' #',
  '"',
  "'",
  '{',
  '}',
  '[',
  ']',
  ',',
  '- ',
  '? ',
  '&a ',
  '*a',
  '!t ',
  '|\n',
  '<<: *a',
  '---\n',
  '\\',
  '~',
  'yes',
  '010',
  '1e999',
  '.nan',
  '-',
  '*',
  '@daily',
  '\0',
  '\x1b',
  '\u202e',
  '\t',
  '\r',
  '${',
  '${env:',
  '}',
  '$${',
  '__proto__',
  'constructor',
  'toString',
  'jobs',
  'type',
  'cron',
  'every',
  'a',
  'd',
  '0',
  '1',
  '99999999999999999999',
  '\ud800',
  '😀',
  'x'.repeat(200),
];

test('no change to a valid file makes it crash, and whatever is refused has a finding at its place', async () => {
  expect((await judge(valid)).findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  const edit = fc.tuple(fc.nat(valid.length), fc.nat(12), fc.constantFrom(...pieces));
  await fc.assert(
    fc.asyncProperty(
      fc.array(edit, { minLength: 1, maxLength: 5 }),
      fc.boolean(),
      async (edits, isSplit) => {
        let text = valid;
        for (const [at, removed, added] of edits) {
          const place = at % (text.length + 1);
          text = text.slice(0, place) + added + text.slice(place + removed);
        }
        const result = isSplit ? await judge(text, valid) : await judge(text);
        checkFindings(result.findings, [text, valid]);
        if (result.ok) resolveSecrets(result.snapshot, { env: () => undefined, file: () => 'x' });
        else expect(result.findings).not.toEqual([]);
      },
    ),
    { numRuns: isFull ? 1000 : 150 },
  );
});

test.each(['.nan', '.inf', '-.inf'])(
  '%s is no number, and is named as it is written',
  async (word) => {
    const { findings } = await judge(`version: 1\ngroups:\n  g: { maxRunning: ${word} }\n`);
    expect(findings.map(({ message }) => message)).toEqual([
      `"maxRunning" in group "g" has to be a whole number, not the number ${word}`,
      `${word} is not a number that a job can be given`,
    ]);
  },
);

test('no bytes make it crash', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.nat(valid.length), async (bytes, at) => {
      await judge(bytes);
      await judge(
        Buffer.concat([Buffer.from(valid.slice(0, at)), bytes, Buffer.from(valid.slice(at))]),
      );
    }),
    { numRuns: isFull ? 1000 : 150 },
  );
});

/** Each label lies in its line, and shows that line. */
function checkFindings(
  findings: Awaited<ReturnType<typeof judge>>['findings'],
  texts: readonly string[],
): void {
  for (const finding of findings) {
    for (const { file, line, column, endColumn, source = '', sourceColumn = 1 } of finding.labels) {
      const text = Buffer.from(texts[Number.parseInt(file, 10)] ?? '').toString();
      const written = text.replace(/^\ufeff/, '').split('\n')[line - 1] ?? '';
      expect(endColumn).toBeGreaterThan(column);
      expect(column).toBeLessThanOrEqual(written.length + 1);
      expect(written.slice(sourceColumn - 1)).toContain(source);
    }
    expect(finding.message).not.toMatch(/undefined|\[object|NaN(?!")|native code/);
  }
  expect(() => renderFindings(findings, { color: true })).not.toThrow();
}
