import type { StatusView } from '../../daemon/control.ts';
import type { CollectedMetrics } from './collected-metrics.ts';
import type { EventCounts } from './event-counts.ts';

/** What is told of the daemon as a whole: its build, configuration, hosts, ledger and clock. */
export function addDaemonMetrics(
  metrics: CollectedMetrics,
  counts: EventCounts,
  status: () => StatusView,
): void {
  metrics.gauge({
    name: 'jobsd_build_info',
    help: 'Always 1; its labels say what runs.',
    labelNames: ['version', 'node', 'tzdata', 'backend'],
    collect() {
      const { version, node, tzdata, backend } = status();
      return [[1, { version, node, tzdata, backend }]];
    },
  });
  metrics.gauge({
    name: 'jobsd_runs_running',
    help: 'Runs that have started and not ended, those between two attempts among them.',
    collect: () => [[status().running]],
  });
  metrics.gauge({
    name: 'jobsd_runs_waiting',
    help: 'Runs that wait for a place, a limit or an earlier run.',
    collect: () => [[status().waiting]],
  });
  metrics.gauge({
    name: 'jobsd_runs_recovered',
    help: 'Runs that the daemon before left unfinished, by what became of them.',
    labelNames: ['fate'],
    collect: () => byKey('fate', counts.recovered),
  });
  metrics.counter({
    name: 'jobsd_late_results_total',
    help: 'Attempts that ended after they had been given up. They change nothing.',
    collect: () => [[counts.lateResults]],
  });
  addConfigurationMetrics(metrics, counts, status);
  addPlatformMetrics(metrics, counts, status);
}

function addConfigurationMetrics(
  metrics: CollectedMetrics,
  counts: EventCounts,
  status: () => StatusView,
): void {
  metrics.gauge({
    name: 'jobsd_config_info',
    help: 'Always 1; the label is the revision in force.',
    labelNames: ['revision'],
    collect: () => [[1, { revision: status().revision }]],
  });
  metrics.gauge({
    name: 'jobsd_config_jobs',
    help: 'Jobs of the configuration in force.',
    collect: () => [[status().jobs]],
  });
  metrics.counter({
    name: 'jobsd_config_reloads_total',
    help: 'Looks at the files after the start, by result; after "refused" the revision before stays.',
    labelNames: ['result'],
    collect: () => byKey('result', counts.reloads),
  });
  metrics.gauge({
    name: 'jobsd_config_last_reload_successful',
    help: '1 when the files are what is in force, 0 when they have errors.',
    collect: () => [[status().lastReload.ok ? 1 : 0]],
  });
  metrics.gauge({
    name: 'jobsd_config_last_reload_timestamp_seconds',
    help: 'When the files were last looked at.',
    collect: () => [[Date.parse(status().lastReload.at) / 1000]],
  });
}

function addPlatformMetrics(
  metrics: CollectedMetrics,
  counts: EventCounts,
  status: () => StatusView,
): void {
  metrics.gauge({
    name: 'jobsd_ledger_writable',
    help: '0 while the ledger cannot be written and nothing fires.',
    collect: () => [[status().trouble === undefined ? 1 : 0]],
  });
  metrics.counter({
    name: 'jobsd_ledger_troubles_total',
    help: 'Times at which the ledger could not be written.',
    collect: () => [[counts.ledgerTroubles]],
  });
  metrics.gauge({
    name: 'jobsd_hosts',
    help: 'Service hosts that are up.',
    collect: () => [[status().hosts.length]],
  });
  metrics.counter({
    name: 'jobsd_hosts_started_total',
    help: 'Service hosts that were started, replacements among them.',
    collect: () => [[counts.hostsStarted]],
  });
  metrics.counter({
    name: 'jobsd_hosts_died_total',
    help: 'Service hosts that ended without being asked to, or were killed.',
    collect: () => [[counts.hostsDied]],
  });
  metrics.counter({
    name: 'jobsd_clock_jumps_total',
    help: 'Jumps of the wall clock by more than a second; forward is also a machine that slept.',
    labelNames: ['direction'],
    collect: () => byKey('direction', counts.clockJumps),
  });
}

function byKey<Key extends string>(label: string, counts: Readonly<Record<Key, number>>) {
  return Object.entries<number>(counts).map(([key, count]) => [count, { [label]: key }] as const);
}
