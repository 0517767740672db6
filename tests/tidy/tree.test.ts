import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const pureFolders = ['config', 'lint', 'schedule', 'dispatch', 'plan'];
// Pure libraries: values in, values out. `typebox` is for the generator of the schema only.
const pureLibraries = ['yaml', 'typebox', 'luxon', 'cronstrue', 'ical.js'];
/** Edges that other edges may use: contracts, and what every part of the program stands on. */
const joiningFolders = ['daemon', 'cli'];

interface Module {
  readonly path: string;
  readonly folder: string;
  readonly text: string;
  readonly imports: readonly { readonly target: string; readonly isType: boolean }[];
}

const modules = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !path.includes('generated'))
  .map(readModule);

function readModule(path: string): Module {
  const text = readFileSync(join(root, 'src', path), 'utf8');
  const pattern = /^(?:import|export)\s+(type\s)?[^'";]*?from\s+'([^']+)'|^import\s+'([^']+)'/gms;
  const imports = [...text.matchAll(pattern)].map((match) => ({
    target: targetOf(path, match[2] ?? match[3] ?? ''),
    isType: match[1] !== undefined,
  }));
  return { path, folder: path.includes('/') ? (path.split('/')[0] ?? '') : '', text, imports };
}

function targetOf(path: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier;
  return relative(join(root, 'src'), resolve(root, 'src', dirname(path), specifier));
}

const folderOf = (target: string) => (target.includes('/') ? (target.split('/')[0] ?? '') : '');

test('pure folders import only pure folders and pure libraries', () => {
  const allowed = (target: string) =>
    pureFolders.includes(folderOf(target)) ||
    pureLibraries.includes(target) ||
    target === 'errors.ts' ||
    target === 'clock/clock.ts';
  const wrong = modules
    .filter(({ folder, path }) => pureFolders.includes(folder) && basename(path) !== 'generate.ts')
    .flatMap(({ path, imports }) =>
      imports
        .filter(({ target, isType }) => !isType && !allowed(target))
        .map(
          ({ target }) =>
            `${path} imports ${target}: take it as an argument, or move the code to an edge`,
        ),
    );
  expect(wrong).toEqual([]);
});

test('pure folders know no clock, no environment and no chance', () => {
  const ambient =
    /\bDate\.now\(|new Date\(\)|\bMath\.random\(|\bprocess\.|\bsetTimeout\(|\bfetch\(/;
  const wrong = modules
    .filter(({ folder, path }) => pureFolders.includes(folder) && basename(path) !== 'generate.ts')
    .filter(({ text }) => ambient.test(text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')))
    .map(({ path }) => `${path}: pass the instant or the number in as an argument`);
  expect(wrong).toEqual([]);
});

test('only daemon/ and cli/ join pure and edge: other edges do not import them', () => {
  const wrong = modules
    .filter(({ folder }) => folder !== '' && !joiningFolders.includes(folder))
    .flatMap(({ path, imports }) =>
      imports
        .filter(({ target, isType }) => !isType && joiningFolders.includes(folderOf(target)))
        .map(({ target }) => `${path} imports ${target}`),
    );
  expect(wrong).toEqual([]);
});

test('no module is longer than 400 lines', () => {
  const long = modules.filter(({ text }) => text.split('\n').length > 400).map(({ path }) => path);
  expect(long).toEqual([]);
});

test('file names are kebab-case and say what they hold', () => {
  const vague = /(^|[-/])(utils?|helpers?|manager|types|misc|common|data|info)(\.ts$|\/)/;
  const wrong = modules
    .map(({ path }) => path)
    .filter((path) => vague.test(path) || !/^[a-z0-9/.-]+\.ts$/.test(path));
  expect(wrong).toEqual([]);
});
