import type { Finding } from '../config/finding.ts';
import { JobsdError } from '../errors.ts';
import type { ReloadCause, Telemetry } from '../telemetry/events.ts';
import type { ReloadResult } from './control.ts';
import type { LoadResult, Project } from './load-project.ts';

export interface ReloaderOptions {
  readonly load: () => Promise<LoadResult>;
  /** Puts a project in force; `before` is what it replaces. Gives what changed, for the report. */
  readonly apply: (project: Project, before: Project) => Promise<AppliedReload>;
  /** What only a restart can change. */
  readonly refusal: (project: Project, before: Project) => Finding | undefined;
  /** The content is what it was; where it comes from may not be. */
  readonly refresh: (project: Project) => void;
  readonly telemetry: Telemetry;
  readonly monotonic: () => number;
}

export interface AppliedReload {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
}

export interface LastReload {
  readonly ok: boolean;
  readonly findings: readonly Finding[];
}

/**
 * One reload at a time, all or nothing: read everything again, and put it in force whole, or keep
 * the last good project and say why. What asks while one is under way gets one more after it.
 */
export class Reloader {
  private readonly options: ReloaderOptions;
  private project: Project;
  private running: Promise<ReloadResult> | undefined;
  private following: Promise<ReloadResult> | undefined;
  private isClosed = false;
  last: LastReload;
  count = 0;

  constructor(project: Project, options: ReloaderOptions) {
    this.options = options;
    this.project = project;
    this.last = { ok: true, findings: project.warnings };
  }

  get current(): Project {
    return this.project;
  }

  /**
   * Never rejects for what is wrong in the files: that is in the result. Rejects with
   * JOBSD_DAEMON_STOPPING once it is closed.
   */
  reload(cause: ReloadCause): Promise<ReloadResult> {
    if (this.isClosed) return Promise.reject(new JobsdError('JOBSD_DAEMON_STOPPING'));
    if (!this.running) {
      this.running = this.reloadNow(cause).finally(() => {
        this.running = undefined;
      });
      return this.running;
    }
    // The one under way may have read the files before this change.
    this.following ??= this.running
      .catch(() => {})
      .then(() => {
        this.following = undefined;
        return this.reload(cause);
      });
    return this.following;
  }

  /** Nothing is put in force from now on; resolves when what is being put in force is. */
  async close(): Promise<void> {
    this.isClosed = true;
    await this.running?.catch(() => {});
  }

  private async reloadNow(cause: ReloadCause): Promise<ReloadResult> {
    const startedMs = this.options.monotonic();
    const loaded = await this.options.load();
    if (this.isClosed) throw new JobsdError('JOBSD_DAEMON_STOPPING');
    if (!loaded.ok) return this.refuse(cause, loaded.findings);
    const { project } = loaded;
    const refusal = this.options.refusal(project, this.project);
    if (refusal) return this.refuse(cause, [refusal]);
    const { revision } = project.snapshot;
    const isPutRight = !this.last.ok;
    this.last = { ok: true, findings: project.warnings };
    if (isSame(project, this.project)) {
      this.options.refresh(project);
      this.options.telemetry.emit({
        kind: 'reload-unchanged',
        cause,
        revision,
        ...(isPutRight && { isPutRight }),
      });
      return { ok: true, changed: false, revision, findings: project.warnings };
    }
    const applied = await this.options.apply(project, this.project);
    this.project = project;
    this.count += 1;
    const tookMs = this.options.monotonic() - startedMs;
    const jobs = project.snapshot.jobs.size;
    this.options.telemetry.emit({ kind: 'reloaded', cause, revision, ...applied, jobs, tookMs });
    return { ok: true, changed: true, revision, findings: project.warnings };
  }

  private refuse(cause: ReloadCause, findings: readonly Finding[]): ReloadResult {
    const { revision } = this.project.snapshot;
    this.last = { ok: false, findings };
    this.options.telemetry.emit({ kind: 'reload-refused', cause, revision, findings });
    return { ok: false, changed: false, revision, findings };
  }
}

function isSame(a: Project, b: Project): boolean {
  return a.snapshot.revision === b.snapshot.revision && hostFingerprint(a) === hostFingerprint(b);
}

/** Everything that service hosts are started with: when it changes, they are replaced. */
export function hostFingerprint({ modules, endpoints, snapshot }: Project): string {
  const services = [...snapshot.services.values()].map(({ place: _, ...service }) => service);
  const { hosts, hostConcurrency, hostMemoryMb, hostMaxRuns } = snapshot.daemon;
  const settings = [hosts, hostConcurrency, hostMemoryMb, hostMaxRuns];
  return JSON.stringify([modules.hash, [...endpoints], services, settings]);
}
