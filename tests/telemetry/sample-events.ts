import type { DaemonEvent, DaemonEventKind } from '../../src/telemetry/events.ts';

const at = Date.parse('2030-01-01T00:00:00Z');
const run = { id: 'sync-data@20300101T000000Z', job: 'sync-data', service: 'sync', attempt: 1 };
const finding = {
  rule: 'unknown-service',
  severity: 'error',
  message: 'job "weekly" uses a service that is not declared',
  labels: [{ file: 'jobs.d/reports.yaml', line: 14, column: 14, endColumn: 23 }],
} as const;

/** One of each kind: a new kind does not compile until it is here, and so in the golden files. */
export const sampleEvents: { readonly [K in DaemonEventKind]: Extract<DaemonEvent, { kind: K }> } =
  {
    'daemon-started': {
      kind: 'daemon-started',
      version: '0.1.0',
      pid: 4711,
      root: '/srv/app',
      backend: 'sqlite',
      statePath: '/srv/app/.jobsd/state.db',
      socketPath: '/srv/app/.jobsd/control.sock',
      revision: 'a1b2c3d4',
      jobs: 4,
      services: 3,
      endpoints: 1,
      tookMs: 181,
    },
    'configuration-warned': {
      kind: 'configuration-warned',
      findings: [{ ...finding, severity: 'warning', rule: 'job-never-fires', message: 'never' }],
    },
    recovered: { kind: 'recovered', lost: 1, waiting: 0, retrying: 2 },
    reloaded: {
      kind: 'reloaded',
      cause: 'files',
      revision: 'b2c3d4e5',
      added: 1,
      changed: 2,
      removed: 0,
      jobs: 5,
      tookMs: 34,
    },
    'reload-unchanged': { kind: 'reload-unchanged', cause: 'signal', revision: 'b2c3d4e5' },
    'reload-refused': {
      kind: 'reload-refused',
      cause: 'request',
      revision: 'b2c3d4e5',
      findings: [finding, { ...finding, rule: 'duplicate-name', message: 'twice' }],
    },
    'hosts-replaced': { kind: 'hosts-replaced', hosts: 2, files: ['services/sync-data.ts'] },
    'run-started': {
      kind: 'run-started',
      ...run,
      trigger: 'schedule',
      nominalAt: at,
      host: 'host-1',
      delayMs: 3,
    },
    'run-logged': {
      kind: 'run-logged',
      ...run,
      line: { at, level: 'warn', text: 'two rows had no key\nthey were left out\u001b[2J' },
    },
    'run-ended': {
      kind: 'run-ended',
      ...run,
      outcome: 'failed',
      tookMs: 1_250,
      endedAt: at + 1_253,
      error: { name: 'TypeError', message: 'no such field' },
      retryAt: at + 10_000,
    },
    'late-result-ignored': { kind: 'late-result-ignored', ...run, outcome: 'succeeded' },
    'run-skipped': {
      kind: 'run-skipped',
      job: 'sync-data',
      reason: 'overlap',
      nominalAt: at,
      count: 1,
    },
    'run-missed': {
      kind: 'run-missed',
      job: 'sync-data',
      reason: 'outage',
      nominalAt: at,
      lastNominalAt: at + 11 * 3_600_000,
      count: 12,
    },
    'skip-continued': { kind: 'skip-continued', job: 'sync-data', reason: 'paused', count: 3 },
    'clock-jumped': { kind: 'clock-jumped', byMs: -7_260_000, now: at },
    'host-started': { kind: 'host-started', host: 'host-2', pid: 4713 },
    'host-died': {
      kind: 'host-died',
      host: 'host-1',
      pid: 4712,
      reason: 'out of memory',
      runs: [run.id],
    },
    'ledger-trouble': {
      kind: 'ledger-trouble',
      code: 'JOBSD_BACKEND_UNWRITABLE',
      message: 'The state file cannot be written. No space left on device.',
    },
    'ledger-recovered': { kind: 'ledger-recovered', downMs: 95_000 },
    'ledger-committed': { kind: 'ledger-committed', changes: 12, tookMs: 2 },
    pruned: { kind: 'pruned', records: 500, tookMs: 12 },
    stopping: { kind: 'stopping', cause: 'SIGTERM', running: 2, drainTimeoutMs: 30_000 },
    'stop-forced': { kind: 'stop-forced', cause: 'SIGINT', running: 1 },
    stopped: { kind: 'stopped', lost: 0, uptimeMs: 90_061_000 },
    'part-failed': { kind: 'part-failed', part: 'watcher', message: 'ENOSPC' },
  };
