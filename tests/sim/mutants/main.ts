import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Mutant, mutants } from './mutants.ts';

const root = resolve(import.meta.dirname, '../../..');
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    only: { type: 'string', default: '' },
  },
});

/** Runs the simulation on each mutant of `src/`; exits 1 when one of them is not found. */
function main(): number {
  const wanted = mutants.filter(({ name }) => name.includes(values.only));
  let found = 0;
  for (const mutant of wanted) {
    const how = tryMutant(mutant);
    if (how !== undefined) found += 1;
    console.log(
      `${how === undefined ? 'NOT FOUND' : 'found    '}  ${mutant.name}\n           ${how ?? ''}`,
    );
  }
  console.log(`${found} of ${wanted.length} mutants found within ${values.seeds} seeds each`);
  return found === wanted.length ? 0 : 1;
}

/** How it was found, or nothing. */
function tryMutant(mutant: Mutant): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'jobsd-mutant-'));
  try {
    for (const part of ['src', 'package.json'])
      cpSync(join(root, part), join(folder, part), { recursive: true });
    for (const part of ['sim', 'support', 'schedule/oracle']) {
      cpSync(join(root, 'tests', part), join(folder, 'tests', part), { recursive: true });
    }
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    apply(mutant, join(folder, 'src', mutant.file));
    return firstFound(join(folder, 'tests/sim/main.ts'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function firstFound(script: string): string | undefined {
  const last = Number(values.seeds);
  for (let from = 1; from <= last; ) {
    const run = simulate(script, from, last - from + 1);
    if (run.status === 0) return undefined;
    const [first = '', second = ''] = run.stdout.split('\n');
    const seed = Number(/^seed (\d+)/.exec(first)?.[1] ?? Number.NaN);
    if (Number.isNaN(seed)) return firstError(run.stderr);
    // A seed that our own code fails says nothing about a mutant.
    const original = simulate(join(root, 'tests/sim/main.ts'), seed, 1);
    if (original.status === 0) return `${first.split(' (')[0]}: ${second.trim()}`;
    console.log(`the code as it is fails seed ${seed}: npm run sim`);
    from = seed + 1;
  }
  return undefined;
}

const simulate = (script: string, from: number, seeds: number) =>
  spawnSync(process.execPath, [script, '--seeds', `${seeds}`, '--from', `${from}`], {
    encoding: 'utf8',
  });

function apply({ name, find, replace }: Mutant, path: string): void {
  const text = readFileSync(path, 'utf8');
  const parts = text.split(find);
  if (parts.length !== 2) {
    throw new Error(`mutant "${name}": its text is ${parts.length - 1} times in ${path}`);
  }
  writeFileSync(path, parts.join(replace));
}

const firstError = (stderr: string) =>
  stderr.split('\n').find((line) => /Error/.test(line)) ?? stderr.slice(0, 200);

process.exitCode = main();
