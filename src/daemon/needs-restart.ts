import type { Finding } from '../config/finding.ts';
import type { Project } from './load-project.ts';

/**
 * What a reload cannot do: another state file would be another ledger, and while this daemon goes on
 * with the old one a second could start on the new one and fire everything again.
 */
export function needsRestart(project: Project, before: Project): Finding | undefined {
  const { statePath } = project.snapshot.daemon;
  if (statePath === before.snapshot.daemon.statePath) return undefined;
  return {
    rule: 'needs-restart',
    severity: 'error',
    message: `the state file cannot become "${statePath}" while the daemon runs`,
    labels: [{ file: 'jobs.d', line: 1, column: 1, endColumn: 2 }],
    help: 'Put the old path back, or stop the daemon and start it again.',
  };
}
