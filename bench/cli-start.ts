import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BenchRow, benchTable } from './bench-table.ts';
import { median } from './median.ts';

const program = join(import.meta.dirname, '../dist/main.js');
const zones = ['Europe/Berlin', 'America/New_York', 'Asia/Tokyo', 'UTC'];

/** A project of 100 mixed jobs in one file. */
function makeProject(): string {
  const root = mkdtempSync(join(tmpdir(), 'jobsd-bench-'));
  const jobs = Array.from({ length: 100 }, (_, n) => {
    const when =
      n % 3 === 0
        ? `type: interval\n    every: ${n + 1}m`
        : `type: cron\n    cron: "${n % 60} ${n % 24} * * ${n % 2 ? 'MON-FRI' : '*'}"`;
    const rest = `timezone: ${zones[n % 4]}\n    service: s\n    extra: { key: value-${n} }`;
    return `  job-${n}:\n    ${when}\n    ${rest}\n`;
  });
  mkdirSync(join(root, 'jobs.d'));
  mkdirSync(join(root, 'services'));
  writeFileSync(join(root, 'services/s.ts'), '');
  const head = 'version: 1\nservices:\n  s: { module: services/s.ts }\njobs:\n';
  writeFileSync(join(root, 'jobs.d/jobs.yaml'), head + jobs.join(''));
  return root;
}

/** How long a process takes from its start to its end, beside an empty one, in turns. */
export function cliStart(rounds = 41): BenchRow[] {
  const root = makeProject();
  const sides = {
    empty: ['-e', '0'],
    version: [program, '--version'],
    validate: [program, 'validate'],
  };
  const took = new Map(Object.keys(sides).map((name) => [name, [] as number[]]));
  execFileSync(process.execPath, sides.validate, { cwd: root });
  for (let round = 0; round < rounds; round++) {
    for (const [name, argv] of Object.entries(sides)) {
      const startedMs = performance.now();
      const { status } = spawnSync(process.execPath, argv, { cwd: root, stdio: 'ignore' });
      if (status !== 0) throw new Error(`${name} ended with ${status}`);
      took.get(name)?.push(performance.now() - startedMs);
    }
  }
  rmSync(root, { recursive: true });
  const of = (name: string) => took.get(name) ?? [];
  const ratio = (name: string) =>
    median(of(name).map((ms, round) => ms / (of('empty')[round] ?? Number.NaN)));
  return [
    { what: 'empty Node process', value: median(of('empty')), unit: 'ms' },
    { what: 'validate of 100 jobs', value: median(of('validate')), unit: 'ms' },
    { what: 'validate of 100 jobs to empty', value: ratio('validate'), unit: '×', aim: '≤ 3.5' },
    { what: '--version to empty', value: ratio('version'), unit: '×' },
  ];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.stdout.write(benchTable(cliStart()));
}
