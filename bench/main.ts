import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';

/**
 * Runs every benchmark in a process of its own, one after the other, and keeps the tables in
 * `bench/results.md`. Takes about fifteen minutes; the machine should have nothing else to do.
 */
const benchmarks = [
  ['cli-start.ts', 'Start of a command'],
  ['next-fire.ts', 'Next occurrence, beside croner and cron-parser (per second)'],
  ['timetable.ts', 'Timetable'],
  ['punctuality.ts', 'Punctuality, in-process handlers, beside croner'],
  ['idle-cpu.ts', 'Idle'],
  ['runs-per-second.ts', 'Durable runs, beside BullMQ'],
  ['graphile-worker.ts', 'Durable runs, beside graphile-worker'],
  ['burst.ts', 'Bursts'],
  ['ledger.ts', 'Ledger'],
  ['recovery.ts', 'Recovery after a kill'],
  [
    'host-throughput.ts',
    'Service hosts: throughput of the pool alone, and lateness beside spinners',
  ],
] as const;

const wanted = process.argv.slice(2);
const sections: string[] = [];
for (const [file, title] of benchmarks) {
  if (wanted.length > 0 && !wanted.includes(file)) continue;
  process.stderr.write(`${title} (${file})\n`);
  const { stdout, status } = spawnSync(
    process.execPath,
    ['--conditions=jobsd-source', join(import.meta.dirname, file)],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
  );
  if (status !== 0) process.exitCode = 1;
  sections.push(`## ${title}\n\n${stdout}`);
}

const [cpu] = cpus();
const machine = `${cpus().length} × ${cpu?.model ?? 'CPU'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
const head = `# Results\n\nMeasured on ${new Date().toISOString().slice(0, 10)}, ${machine}, by \`npm run bench\`.\n`;
const text = [head, ...sections].join('\n');
if (wanted.length === 0) writeFileSync(join(import.meta.dirname, 'results.md'), text);
process.stdout.write(text);
