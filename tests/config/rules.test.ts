import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildSnapshot } from '../../src/config/build-snapshot.ts';
import { rules } from '../../src/config/rules.ts';

const src = join(import.meta.dirname, '../../src');

/** The ids that the code of these folders can put into a finding. */
function emittedRules(): ReadonlySet<string> {
  const ids = new Set([
    'unknown-service',
    'unknown-job',
    'unknown-group',
    'unknown-endpoint',
    'unknown-calendar',
  ]);
  for (const folder of ['config', 'lint', 'schedule', 'source']) {
    const files = readdirSync(join(src, folder), { recursive: true, encoding: 'utf8' });
    for (const file of files.filter((path) => path.endsWith('.ts'))) {
      const text = readFileSync(join(src, folder, file), 'utf8');
      for (const [, id = ''] of text.matchAll(/\b\w*[rR]ule(?: =|:) '([a-z-]+)'/g)) ids.add(id);
    }
  }
  return ids;
}

test('the list has every rule that a finding can name, and no other', () => {
  const listed = rules.map(({ id }) => id);
  expect(new Set(listed).size).toBe(listed.length);
  expect([...listed].sort()).toEqual([...emittedRules()].sort());
});

const examples = rules.flatMap(({ id, example }) => (example === undefined ? [] : [[id, example]]));

test.each(examples)('the example of %s breaks this rule and no other', async (id, example = '') => {
  const { findings } = await buildSnapshot({
    files: [{ path: 'jobs.yaml', bytes: Buffer.from(example) }],
    unreadable: [],
    moduleFacts: (path) => (path === 'services/a.ts' ? 'ok' : 'missing'),
    now: Date.parse('2027-01-01T00:00:00Z'),
  });
  expect(new Set(findings.map(({ rule }) => rule))).toEqual(new Set([id]));
});

test('each rule is told in whole sentences', () => {
  for (const { meaning, wayOut } of rules) {
    expect(meaning).toMatch(/^[A-Z`"].*\.$/);
    expect(wayOut).toMatch(/^[A-Z`].*\.$/);
  }
});
