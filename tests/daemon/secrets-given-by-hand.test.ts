import { expect, test } from 'vitest';
import { openMemoryBackend } from '../../src/backend/memory/open-memory-backend.ts';
import type { Control } from '../../src/daemon/control.ts';
import { retryRun } from '../../src/daemon/run-control.ts';
import { secretFreeControl } from '../../src/daemon/secret-free-control.ts';
import { secretFreeLedger } from '../../src/daemon/secret-free-ledger.ts';
import { JobsdError } from '../../src/errors.ts';
import { createRedactor } from '../../src/telemetry/redactor.ts';
import { aJob, startHarness, type TestExecutor } from '../support/daemon-harness.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const { redact } = createRedactor(['hunter2']);
const now = '2030-01-01T00:00:00Z';
const job = aJob({ schedule: { type: 'manual' } });
const given = { trigger: 'manual', payload: { token: 'hunter2', n: 1 } } as const;

async function aLedger(prepare?: (executor: TestExecutor) => void, backend = aMemory()) {
  const ledger = secretFreeLedger(backend.memory, redact);
  const { clock } = backend;
  const harness = await startHarness({
    now: '',
    jobs: [job],
    clock,
    backend: ledger,
    ...(prepare && { prepare }),
  });
  return { ...harness, ledger, memory: backend.memory, of: backend };
}

function aMemory() {
  const clock = new VirtualClock(now);
  return { clock, memory: openMemoryBackend({ clock }) };
}

test('a run gets the secret it was given, and the ledger forgets it at its end', async () => {
  const { engine, executor, memory, clock } = await aLedger((prepared) => {
    prepared.runsForMs = 60_000;
  });
  const { id } = await engine.runJob('job', given);
  expect(executor.started[0]?.payload).toBe('{"token":"hunter2","n":1}');
  expect((await memory.run(id))?.payload).toContain('hunter2');
  await clock.advance(60_000);
  expect(await memory.run(id)).toMatchObject({
    state: 'succeeded',
    payload: '{"token":"[secret]","n":1}',
  });
});

test('after a crash a waiting run still gets its secret, and the ledger forgets it then', async () => {
  const first = await aLedger((prepared) => {
    prepared.hasRoom = () => false;
  });
  const { id } = await first.engine.runJob('job', given);
  first.kill();
  const { executor, memory, clock } = await aLedger(undefined, first.of);
  await clock.advance(1_000);
  expect(executor.started[0]?.payload).toContain('hunter2');
  expect((await memory.run(id))?.payload).toBe('{"token":"[secret]","n":1}');
});

test('what never starts keeps no secret from the beginning', async () => {
  const { memory } = aMemory();
  const ledger = secretFreeLedger(memory, redact);
  const run = {
    id: 'job@manual-1',
    service: 'service',
    trigger: 'manual',
    attempt: 0,
    plannedAt: 0,
    revision: '1',
    payload: '"hunter2"',
  } as const;
  await ledger.commit([{ kind: 'record', run: { ...run, state: 'skipped' } }]);
  expect((await memory.run(run.id))?.payload).toBe('"[secret]"');
});

test('what stands in a file is no secret: such a run can be tried again', async () => {
  const { memory } = aMemory();
  const run = { id: 'job@1', service: 's', attempt: 1, plannedAt: 0, revision: '1' } as const;
  const record = { ...run, trigger: 'schedule', state: 'failed', payload: '"hunter2"' } as const;
  await secretFreeLedger(memory, redact).commit([{ kind: 'record', run: record }]);
  expect((await memory.run('job@1'))?.payload).toBe('"hunter2"');
});

test('a run whose payload is not whole any more is not tried again with what is left', async () => {
  const { engine, ledger, clock } = await aLedger((prepared) => {
    prepared.outcome = 'failed';
  });
  const { id } = await engine.runJob('job', given);
  await clock.advance(1_000);
  await expect(retryRun(engine, ledger, id, {})).rejects.toMatchObject({
    code: 'JOBSD_PAYLOAD_NOT_KEPT',
  });
  expect((await engine.run(id)).state).toBe('failed');
});

test('whoever asks sees no secret, not of a run under way, nor in an error or a reason', async () => {
  const { engine } = await aLedger((prepared) => {
    prepared.runsForMs = undefined;
  });
  const reasons: unknown[] = [];
  const control = secretFreeControl(
    {
      runJob: (name: string) => engine.runJob(name, given),
      run: (id: string) => engine.run(id),
      runs: async () => ({ runs: [await engine.runJob('job', given)] }),
      async pause(_: string, asked: object) {
        reasons.push(asked);
      },
      async invoke(service: string) {
        throw new JobsdError('JOBSD_SERVICE_NOT_FOUND', `"${service}"`);
      },
    } as unknown as Control,
    redact,
  );
  const run = await control.runJob('job', {});
  expect(run.payload).toBe('{"token":"[secret]","n":1}');
  expect((await control.run(run.id)).payload).toBe(run.payload);
  expect((await control.runs({ limit: 1 })).runs[0]?.payload).toBe(run.payload);
  await control.pause('all', { reason: 'hunter2 leaked', actor: 'me' });
  expect(reasons).toEqual([{ reason: '[secret] leaked', actor: 'me' }]);
  await expect(control.invoke('hunter2', {})).rejects.toMatchObject({
    code: 'JOBSD_SERVICE_NOT_FOUND',
    message: 'No service has this name. "[secret]"',
  });
});
