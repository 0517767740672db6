import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { RunGate } from '../../src/host/inside/run-gate.ts';

test('hand-overs begin strictly in order', () => {
  const gate = new RunGate(RunGate.allocate());
  expect(gate.tryBegin(2)).toBe(false);
  expect([gate.tryBegin(1), gate.tryBegin(2)]).toEqual([true, true]);
  expect(gate.tryBegin(2)).toBe(false);
  expect(gate.lastBegun).toBe(2);
});

test('nothing begins behind a closed gate, until it opens behind what was taken back', () => {
  const gate = new RunGate(RunGate.allocate());
  gate.tryBegin(1);
  expect([gate.close(), gate.close()]).toEqual([1, 1]);
  expect(gate.tryBegin(2)).toBe(false);
  gate.reopen(3);
  expect([gate.tryBegin(2), gate.tryBegin(3), gate.tryBegin(4)]).toEqual([false, false, true]);
});

test('of two threads that race for a hand-over exactly one gets it', async () => {
  const shared = RunGate.allocate();
  const gate = new RunGate(shared);
  const rounds = 300;
  const reports = new SharedArrayBuffer(8);
  const turns = new Int32Array(reports);
  const path = new URL('../../src/host/inside/run-gate.ts', import.meta.url).href;
  const closer = new Worker(
    `const { workerData } = require('node:worker_threads');
     import(workerData.path).then(({ RunGate }) => {
       const gate = new RunGate(workerData.shared);
       const turns = new Int32Array(workerData.reports);
       for (let round = 1; round <= workerData.rounds; round += 1) {
         while (Atomics.load(turns, 0) < round);
         Atomics.store(turns, 1, round * 1_000_000 + gate.close());
       }
     });`,
    { eval: true, workerData: { shared, reports, rounds, path } },
  );
  let last = 0;
  for (let round = 1; round <= rounds; round += 1) {
    Atomics.store(turns, 0, round);
    const begun: number[] = [];
    for (let seq = last + 1; seq <= last + 50; seq += 1) if (gate.tryBegin(seq)) begun.push(seq);
    while (Atomics.load(turns, 1) < round * 1_000_000);
    const told = Atomics.load(turns, 1) - round * 1_000_000;
    expect(begun.at(-1) ?? last).toBe(told);
    last += 50;
    gate.reopen(last);
  }
  await once(closer, 'exit');
});
