import type { Declarations } from './merge-files.ts';
import { durationReader } from './read-duration.ts';
import type { DaemonSettings } from './snapshot.ts';

const dayMs = 86_400_000;

/** Settings of the daemon with their defaults. */
export function readDaemon(declarations: Declarations) {
  const { daemon } = declarations;
  const durations = durationReader(declarations.daemonFrom ?? '');
  const drainTimeoutMs = durations.optional(['daemon', 'drainTimeout'], daemon.drainTimeout);
  const ageMs = durations.positive(['daemon', 'retention', 'age'], daemon.retention?.age);
  const settings: DaemonSettings = {
    statePath: daemon.state ?? '.jobsd/state.db',
    drainTimeoutMs: drainTimeoutMs ?? 30_000,
    hosts: daemon.hosts?.count ?? 2,
    hostConcurrency: daemon.hosts?.concurrency ?? 16,
    hostMemoryMb: megabytes(daemon.hosts?.memory ?? '512MB'),
    hostMaxRuns: daemon.hosts?.maxRuns ?? 10_000,
    retentionDays: (ageMs ?? 30 * dayMs) / dayMs,
    retentionRuns: daemon.retention?.runs ?? 1000,
  };
  return { settings, problems: durations.problems };
}

/** `512MB` or `2GB`; the schema lets nothing else pass. */
function megabytes(size: string): number {
  return Number.parseInt(size, 10) * (size.endsWith('GB') ? 1024 : 1);
}
