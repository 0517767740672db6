import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toJsonValue, type YamlNode } from '../../src/config/yaml/node.ts';
import { parseWithLibrary } from '../../src/config/yaml/parse-yaml.ts';
import { parseQuickly } from '../../src/config/yaml/quick-parser.ts';
import { isFull } from '../support/is-full.ts';

/** Values, and the stretches of all keys and of all values that are there. */
function outline(node: YamlNode): unknown {
  if (node.kind === 'scalar') {
    return node.start === node.end ? null : [node.value, node.start, node.end];
  }
  if (node.kind === 'sequence') return [node.start, node.items.map(outline)];
  return node.entries.map(({ key, keyStart, keyEnd, value }) => [
    key,
    keyStart,
    keyEnd,
    outline(value),
  ]);
}

/** Whether the quick parser read it; fails when it read something else than the library. */
function compare(text: string): boolean {
  const { root: quick, ...rest } = parseQuickly(text);
  if (quick === undefined) return false;
  const { root, problems } = parseWithLibrary(text);
  expect(rest).toEqual({ problems });
  if (root === undefined) throw new Error('The library found nothing.');
  expect(toJsonValue(quick)).toEqual(toJsonValue(root));
  expect(outline(quick)).toEqual(outline(root));
  return true;
}

const usual = `---
version: 1
defaults: { timezone: Europe/Athens, timeout: 10m } # for all
endpoints:
  My Data Source: { type: rest, url: "\${env:URL:-http://127.0.0.1:5628}" }
  "quoted name": {"type":"smtp", 'url': 'it''s', list: [1, -2.5, [a b, null], {}, []]}

# a comment
jobs:
  sync-data:
    type: interval
    every: { hours: 1 }   # every hour
    repeats: 168
    extra:
    - one
    - - two
      - three: 3
        four: ~
    -
      five: true
    - http://example.com/#fragment
    description: it's 5 o'clock, isn't it?
  nightly:
    cron: 0 2 * * MON-FRI
    at: 2027-07-29 11:35:49
    empty:
    "a": "tab\\t \\u00e9 \\"q\\""
`;

test('files as people write them are read without the library', () => {
  expect(compare(usual)).toBe(true);
  expect(compare(usual.replaceAll('\n', '\r\n'))).toBe(true);
});

test('each golden file is read as the library reads it, or left to it', () => {
  const folder = join(import.meta.dirname, '../golden/config/err');
  const files = readdirSync(folder).filter((name) => statSync(join(folder, name)).isFile());
  for (const name of files) compare(readFileSync(join(folder, name), 'utf8'));
});

const snippets = [
  '\n',
  '\n  ',
  '\n    ',
  '\n- ',
  '  - ',
  ': ',
  ':',
  ' #',
  '#',
  '"',
  "'",
  '{',
  '}',
  '[',
  ']',
  ', ',
  ',',
  '- ',
  '-',
  '? ',
  '&a ',
  '*a',
  '!t ',
  '|',
  '>',
  '%',
  '@',
  '`',
  '<<: ',
  '---\n',
  '...\n',
  '\\',
  '\\x41',
  '~',
  'null',
  'true',
  'yes',
  '010',
  '0x1F',
  '1e3',
  '.5',
  '-',
  '+1',
  '12345678901234567890',
  '-0',
  '.inf',
  '\u00a0',
  '\u2028',
  'é',
  '😀',
  '\t',
  '\r',
  ' ',
  '  ',
  '{ a: b }',
  '[a, b]',
  '""',
  "''",
  'a: b',
  '=',
  '__proto__',
];

test('no change to a file makes the quick parser read what the library does not', () => {
  const edit = fc.tuple(fc.nat(usual.length), fc.nat(6), fc.constantFrom(...snippets));
  const numRuns = isFull ? 10_000 : 1000;
  let read = 0;
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), fc.boolean(), (edits, isShort) => {
      let text = isShort ? usual.slice(200, 520) : usual;
      for (const [at, removed, added] of edits) {
        const place = at % (text.length + 1);
        text = text.slice(0, place) + added + text.slice(place + removed);
      }
      if (compare(text)) read += 1;
    }),
    { numRuns },
  );
  expect(read).toBeGreaterThan(numRuns / 30);
});

test('no heap of YAML signs makes the quick parser read what the library does not', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...snippets, 'a', 'b', 'key', '1'), { maxLength: 12 }),
      (parts) => {
        compare(parts.join(''));
        compare(`a:\n  b: ${parts.join('')}\n`);
        compare(`a: [${parts.join('')}]\nb: 1\n`);
      },
    ),
    { numRuns: isFull ? 15_000 : 1700 },
  );
});
