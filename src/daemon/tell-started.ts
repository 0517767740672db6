import type { Clock, Instant } from '../clock/clock.ts';
import type { Snapshot } from '../config/snapshot.ts';
import { controlSocketPath } from '../http/control-socket-path.ts';
import type { Telemetry } from '../telemetry/events.ts';
import type { StatusView } from './control.ts';
import type { Project } from './load-project.ts';

/** Tells that the daemon is at work, and what is doubtful in its configuration. */
export function tellStarted(
  { version, pid, root, backend, statePath }: StatusView,
  { jobs, services, endpoints, revision }: Snapshot,
  parts: { telemetry: Telemetry; clock: Clock; startedAt: Instant; project: Project },
): void {
  const { telemetry, clock, startedAt, project } = parts;
  telemetry.emit({
    kind: 'daemon-started',
    version,
    pid,
    root,
    backend,
    statePath,
    socketPath: controlSocketPath(statePath),
    revision,
    jobs: jobs.size,
    services: services.size,
    endpoints: endpoints.size,
    tookMs: clock.now() - startedAt,
  });
  if (project.warnings.length > 0) {
    telemetry.emit({ kind: 'configuration-warned', findings: project.warnings });
  }
}
