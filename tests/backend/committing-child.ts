import { openSqliteBackend } from '../../src/backend/sqlite/open-sqlite-backend.ts';
import { systemClock } from '../../src/clock/system-clock.ts';
import { aRun } from './a-run.ts';

// Commits without end, and prints the number of each commit once it is acknowledged. Commit n is a
// record, the end of record n - 1, its log line, a job state and a value, all or none.
const [path = '', first = '0'] = process.argv.slice(2);
const backend = await openSqliteBackend({ path, clock: systemClock });
process.stdout.write('open\n');

async function commitOne(number: number): Promise<void> {
  const before = aRun('job', number - 1).id;
  await backend.commit([
    { kind: 'record', run: aRun('job', number, { payload: 'x'.repeat(number % 700) }) },
    { kind: 'update', id: before, fields: { state: 'succeeded', endedAt: number } },
    { kind: 'log', id: before, lines: [{ at: number, level: 'info', text: `${number}` }] },
    {
      kind: 'job-state',
      state: { job: 'job', scheduleKey: 'k', anchorAt: 0, cursorAt: number, occurrences: number },
    },
  ]);
  process.stdout.write(`${number}\n`);
}

for (let next = Number(first); ; next += 8) {
  await Promise.all(Array.from({ length: 8 }, (_, offset) => commitOne(next + offset)));
}
