import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { CollectedMetrics, ValueSample } from './collected-metrics.ts';

// The delay is measured by a timer. One that is more frequent would be the most that an idle daemon
// does; this one still sees every block that is longer than itself.
const resolutionMs = 50;
const quantiles = [0.5, 0.9, 0.99, 1];

/** What is told of every process, under the names in use for it, and how held up its loop is. */
export function addProcessMetrics(metrics: CollectedMetrics): void {
  metrics.gauge({
    name: 'jobsd_event_loop_delay_seconds',
    help: 'How late the event loop was since the last scrape; nothing fires meanwhile.',
    labelNames: ['quantile'],
    collect: watchEventLoop(),
  });
  metrics.counter({
    name: 'process_cpu_seconds_total',
    help: 'CPU time of the daemon itself, without its service hosts.',
    collect() {
      const { user, system } = process.cpuUsage();
      return [[(user + system) / 1e6]];
    },
  });
  metrics.gauge({
    name: 'process_resident_memory_bytes',
    help: 'Memory of the daemon itself, without its service hosts.',
    collect: () => [[process.memoryUsage.rss()]],
  });
  metrics.gauge({
    name: 'process_start_time_seconds',
    help: 'When the daemon was started.',
    collect: () => [[Math.round(performance.timeOrigin) / 1000]],
  });
}

/** Starts to watch; each call tells of the time since the last one. */
function watchEventLoop(): () => readonly ValueSample[] {
  const delays = monitorEventLoopDelay({ resolution: resolutionMs });
  delays.enable();
  return () => {
    const samples = quantiles.map((quantile): ValueSample => {
      const sinceLastTickMs = delays.count === 0 ? 0 : delays.percentile(quantile * 100) / 1e6;
      const seconds = Math.max(0, sinceLastTickMs - resolutionMs) / 1000;
      return [seconds, { quantile: String(quantile) }];
    });
    delays.reset();
    return samples;
  };
}
