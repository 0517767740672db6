import { createInterface } from 'node:readline';
import type { Change } from '../../src/backend/backend.ts';
import { openSqliteBackend } from '../../src/backend/sqlite/open-sqlite-backend.ts';
import { systemClock } from '../../src/clock/system-clock.ts';
import { aRun } from './a-run.ts';

// Writes until the disk refuses, tells how, and goes on when told that there is room again.
const [path = ''] = process.argv.slice(2);
const backend = await openSqliteBackend({ path, clock: systemClock });
const say = (value: unknown): boolean => process.stdout.write(`${JSON.stringify(value)}\n`);
const go = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

let acknowledged = 0;
let refused: { code: string; message: string } | undefined;
while (refused === undefined) {
  const calls = [0, 1, 2].map((offset) => backend.commit(changes(acknowledged + offset)));
  for (const result of await Promise.allSettled(calls)) {
    if (result.status === 'rejected')
      refused ??= result.reason as { code: string; message: string };
    else if (refused === undefined) acknowledged += 1;
    else say({ outOfOrder: acknowledged });
  }
}
say({ code: refused.code, message: refused.message, acknowledged });
await go.next();
for (let number = acknowledged; number < acknowledged + 20; number += 1) {
  await backend.commit(changes(number));
}
const { runs } = await backend.runs({ limit: 1000 });
say({ runs: runs.length, states: await backend.jobStates() });
await backend.close();
process.exit();

function changes(number: number): Change[] {
  return [
    { kind: 'record', run: aRun(`job-${number}`, number, { payload: 'x'.repeat(20_000) }) },
    {
      kind: 'job-state',
      state: { job: 'a', scheduleKey: `k${number}`, anchorAt: 0, cursorAt: number, occurrences: 0 },
    },
  ];
}
