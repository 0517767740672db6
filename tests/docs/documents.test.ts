import { existsSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildProgram } from '../support/clone.ts';
import { repositoryRoot } from '../support/project.ts';
import { countPrinted, matchesOutput } from './match-output.ts';
import { readCommands, readFences } from './read-fences.ts';
import { runDocument } from './run-document.ts';

const documents = [
  join(import.meta.dirname, 'fixture.md'),
  ...['README.md', 'CONTRIBUTING.md'].map((name) => join(repositoryRoot, name)).filter(existsSync),
  ...globSync(['docs/**/*.md', 'examples/*/README.md'], { cwd: repositoryRoot }).map((path) =>
    join(repositoryRoot, path),
  ),
].map((path) => relative(repositoryRoot, path));

const dist = mkdtempSync(join(tmpdir(), 'jobsd-dist-'));
beforeAll(() => buildProgram(dist));
afterAll(() => rmSync(dist, { recursive: true, force: true }));

test.each(documents)(
  'what %s shows is what happens',
  async (path) => {
    await runDocument(join(repositoryRoot, path), dist);
  },
  120_000,
);

test('a document whose output is not what happens is found, with its line', async () => {
  await expect(runDocument(join(import.meta.dirname, 'wrong.md'), dist)).rejects.toThrow(
    /wrong\.md:4: \$ echo one/,
  );
});

test('commands are the lines that begin with a dollar sign, with their output', () => {
  const [fence] = readFences('text\n```sh\n$ one\n1\n\n$ two \\\n> three\n```\n');
  expect(fence && readCommands(fence)).toEqual([
    { line: 3, text: 'one', output: ['1'] },
    { line: 6, text: 'two \\\nthree', output: [] },
  ]);
});

test('blocks know the file and the section that the text around them names', () => {
  const markdown =
    '<!-- file: a.yaml -->\n```yaml\na: 1\n```\n## Two\n\n<!-- ignore -->\n\n```ts\n# no\n```\n';
  expect(readFences(markdown)).toMatchObject([
    { file: 'a.yaml', isIgnored: false, section: '', line: 3, lines: ['a: 1'] },
    { file: undefined, isIgnored: true, section: 'Two', line: 10 },
  ]);
});

test('three dots stand for a part of a line, or for lines', () => {
  expect(matchesOutput(['a … c'], 'a b c\n')).toBe(true);
  expect(matchesOutput(['a … c'], 'a b c d\n')).toBe(false);
  expect(matchesOutput(['a', '…', 'd'], 'a\nb\nc\nd\n')).toBe(true);
  expect(matchesOutput(['a', '…', 'd'], 'a\nd\n')).toBe(true);
  expect(matchesOutput(['a', 'b'], 'a\nb\nc\n')).toBe(false);
  expect(matchesOutput(['(a|b)'], 'a\n')).toBe(false);
  expect(countPrinted(['a…', 'c'], 'x\nab\nb\nc\n')).toBe(2);
  expect(countPrinted(['a', 'c'], 'c\na\n')).toBe(1);
});
