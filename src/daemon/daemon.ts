import { relative, resolve } from 'node:path';
import type { Backend } from '../backend/backend.ts';
import { openSqliteBackend } from '../backend/sqlite/open-sqlite-backend.ts';
import type { Clock, Instant } from '../clock/clock.ts';
import { isBuiltInService } from '../config/built-in-services.ts';
import { diffInSteps } from '../config/diff-snapshots.ts';
import type { Finding } from '../config/finding.ts';
import type { ParseCache } from '../config/parse-files.ts';
import { withRests } from '../config/steps.ts';
import type { JobsdError } from '../errors.ts';
import { controlSocketPath } from '../http/control-socket-path.ts';
import { changedModules } from '../source/module-closure.ts';
import { type FileWatch, watchFiles } from '../source/watch-files.ts';
import type { DaemonEvent, Telemetry } from '../telemetry/events.ts';
import { EventCounts } from '../telemetry/metrics/event-counts.ts';
import type { Redactor } from '../telemetry/redactor.ts';
import { toAll } from '../telemetry/to-all.ts';
import { allDone } from './all-done.ts';
import type { StatusView } from './control.ts';
import { daemonControl } from './daemon-control.ts';
import { daemonStatus } from './daemon-status.ts';
import { endRuns } from './end-runs.ts';
import { Engine } from './engine.ts';
import { createExecutors, type Executors } from './executors.ts';
import { failPoint } from './fail-point.ts';
import { journalEvents } from './journal-events.ts';
import {
  type LoadResult,
  loadProject,
  type Project,
  type ProjectLocation,
} from './load-project.ts';
import { metricsPage } from './metrics-page.ts';
import { needsRestart } from './needs-restart.ts';
import { Pruner } from './pruner.ts';
import { putInForce } from './put-in-force.ts';
import { recover } from './recover.ts';
import { hostFingerprint, Reloader } from './reloader.ts';
import { runEvents, schedulerEvents, tellLines } from './run-events.ts';
import { Scheduler } from './scheduler.ts';
import { secretFreeControl } from './secret-free-control.ts';
import { secretFreeLedger } from './secret-free-ledger.ts';
import { takeRests } from './take-rests.ts';
import { tellStarted } from './tell-started.ts';
import { watchedPaths } from './watched-paths.ts';
import { whenStarted } from './when-started.ts';

export interface DaemonOptions {
  readonly location: ProjectLocation;
  readonly clock: Clock;
  readonly random: () => number;
  readonly telemetry: Telemetry;
  /** Learns the project's secrets, and keeps them out of all that is written. */
  readonly redactor: Redactor;
}

export interface Daemon {
  readonly status: () => StatusView;
  /** Resolves when its ledger is beyond repair: it fires nothing any more, and is to be stopped. */
  readonly broken: Promise<JobsdError>;
  reload(cause: 'signal' | 'request'): Promise<unknown>;
  /** Fires nothing more, lets runs end within the drain timeout, and closes everything. */
  stop(cause: string): Promise<void>;
  /** Ends the process here and now. What was under way is found as lost by the next life. */
  abandon(cause: string): never;
}

export type StartResult =
  | { readonly ok: true; readonly daemon: Daemon }
  | { readonly ok: false; readonly findings: readonly Finding[] };

// An editor's save is several events, a copied directory thousands; nobody waits for a reload this
// short. What never comes to rest (a log among the files, say) is read in the middle after all.
const settleMs = 150;
const maxUnrestMs = 10_000;

/**
 * Starts the daemon: files, ledger, hosts, recovery, clockwork, control door, in this order, so that
 * nothing fires before it can be recorded. Rejects with JOBSD_BACKEND_* when the state file cannot
 * be had; findings in the files are a result.
 */
export async function startDaemon(options: DaemonOptions): Promise<StartResult> {
  const startedAt = options.clock.now();
  const parsed: ParseCache = new Map();
  const loaded = await loadProject(options.location, startedAt, parsed);
  if (!loaded.ok) return loaded;
  const { project } = loaded;
  options.redactor.add(project.secrets);
  const statePath = resolve(options.location.root, project.snapshot.daemon.statePath);
  const { redact } = options.redactor;
  preload();
  const backend = secretFreeLedger(
    await openSqliteBackend({ path: statePath, clock: options.clock }),
    redact,
  );
  const counts = new EventCounts();
  try {
    const daemon = new RunningDaemon({
      ...options,
      telemetry: toAll(counts, options.telemetry),
      counts,
      parsed,
      project,
      backend,
      statePath,
      startedAt,
    });
    await daemon.openOrClose();
    return { ok: true, daemon };
  } catch (error) {
    await backend.close();
    throw error;
  }
}

/** What is needed next is read while the store's thread looks through its file. */
const preload = () => void import('../http/control-server.ts').catch(() => {});

interface Parts extends DaemonOptions {
  /** What `telemetry` has told, in numbers. */
  readonly counts: EventCounts;
  /** Parsed files by content, so that a reload parses only what changed. */
  readonly parsed: ParseCache;
  readonly project: Project;
  readonly backend: Backend;
  readonly statePath: string;
  readonly startedAt: Instant;
}

class RunningDaemon implements Daemon {
  private readonly parts: Parts;
  private readonly executors: Executors;
  private readonly engine: Engine;
  private readonly scheduler: Scheduler;
  private readonly reloader: Reloader;
  private pruner: Pruner | undefined;
  private watch: FileWatch | undefined;
  private control: { close(): Promise<void> } | undefined;
  private state: StatusView['state'] = 'starting';
  private trouble: string | undefined;
  private lastReloadAt: Instant;
  private stopping: Promise<void> | undefined;
  private lostAtStop = 0;
  private readonly started = Promise.withResolvers<void>();
  private readonly breaking = Promise.withResolvers<JobsdError>();
  readonly broken = this.breaking.promise;

  constructor(parts: Parts) {
    this.parts = parts;
    const { clock, random, backend, project } = parts;
    const telemetry: Telemetry = { emit: (event) => this.tell(event) };
    this.lastReloadAt = parts.startedAt;
    this.executors = createExecutors({
      root: parts.location.root,
      clock,
      backend,
      telemetry,
      redact: parts.redactor.redact,
      engine: () => this.engine,
      onLogged: (id, lines) => {
        const run = this.engine.dispatcher.active.get(id)?.ticket.run;
        if (run) tellLines(telemetry, run, lines);
      },
    });
    this.engine = new Engine(project.snapshot, {
      clock,
      random,
      backend,
      executor: this.executors.executor,
      isBuiltIn: isBuiltInService,
      ...(project.commit === undefined ? {} : { commit: project.commit }),
      events: { ...runEvents(telemetry, () => clock.now()), ...this.journalEvents() },
    });
    this.scheduler = new Scheduler({
      clock,
      journal: this.engine.journal,
      dispatcher: this.engine.dispatcher,
      tickets: this.engine.tickets,
      events: schedulerEvents(telemetry),
    });
    this.reloader = new Reloader(project, {
      load: () => this.load(),
      refusal: needsRestart,
      refresh: ({ commit }) => this.engine.use(this.engine.snapshot, commit),
      apply: (next, before) => this.apply(next, before),
      telemetry,
      monotonic: () => clock.monotonic(),
    });
  }

  /** What a start that fails half-way has opened would keep the process from ending. */
  async openOrClose(): Promise<void> {
    try {
      await this.open();
    } catch (error) {
      this.scheduler.stop();
      this.pruner?.stop();
      this.engine.journal.close();
      await this.control?.close();
      await this.executors.executor.close(0);
      throw error;
    }
  }

  private async open(): Promise<void> {
    const { project, backend } = this.parts;
    // Hosts take longest to start. Until there are any, what needs them waits.
    await allDone([this.executors.use(project), this.takeUp(), this.openControl()]);
    this.scheduler.start(project.snapshot, await backend.jobStates());
    this.engine.dispatcher.pump();
    this.state = 'running';
    this.started.resolve();
    this.pruner = this.openPruner();
    // The origin of each new interval is on disk then; a disk in trouble is told of by itself.
    await this.engine.journal.durableNow().catch(() => {});
    tellStarted(this.status(), this.engine.snapshot, this.parts);
    this.watch = await this.openWatch(project);
    // What changed between the first reading and the watch would go unnoticed otherwise.
    void this.reload('files');
  }

  private async takeUp(): Promise<void> {
    const { backend, clock, telemetry } = this.parts;
    const { dispatcher, reactions, tickets } = this.engine;
    const recovered = await recover({ backend, clock, dispatcher, reactions, tickets });
    telemetry.emit({ kind: 'recovered', ...recovered });
    failPoint('recovered');
  }

  readonly status = (): StatusView =>
    daemonStatus({
      parts: this.parts,
      snapshot: this.engine.snapshot,
      state: this.state,
      reloader: this.reloader,
      lastReloadAt: this.lastReloadAt,
      dispatcher: this.engine.dispatcher,
      hosts: this.executors.hosts(),
      trouble: this.trouble,
    });

  async reload(cause: 'files' | 'signal' | 'request'): Promise<unknown> {
    try {
      return await this.reloader.reload(cause);
    } catch (error) {
      if (!this.stopping) this.partFailed('reload', error);
    } finally {
      this.lastReloadAt = this.parts.clock.now();
    }
  }

  stop(cause: string): Promise<void> {
    this.stopping ??= this.stopNow(cause);
    return this.stopping;
  }

  abandon(cause: string): never {
    const running = this.engine.dispatcher.runningCount;
    this.parts.telemetry.emit({ kind: 'stop-forced', cause, running });
    process.exit(3);
  }

  private async stopNow(cause: string): Promise<void> {
    const { telemetry, clock, startedAt, backend } = this.parts;
    const { drainTimeoutMs } = this.engine.snapshot.daemon;
    const { dispatcher, journal } = this.engine;
    this.state = 'stopping';
    const running = dispatcher.runningCount;
    telemetry.emit({ kind: 'stopping', cause, running, drainTimeoutMs });
    failPoint('stopping');
    this.scheduler.stop();
    this.pruner?.stop();
    await this.watch?.close();
    // Its hosts are to be ended with all others.
    await this.reloader.close();
    const { executor } = this.executors;
    await endRuns(this.engine, { executor, clock, timeoutMs: drainTimeoutMs });
    journal.close();
    await this.control?.close();
    await backend.close();
    telemetry.emit({ kind: 'stopped', lost: this.lostAtStop, uptimeMs: clock.now() - startedAt });
  }

  /** What befalls runs, to the outside; counts those that did not end in the time given at the stop. */
  private tell(event: DaemonEvent): void {
    const isLost = event.kind === 'run-ended' && event.outcome === 'lost';
    if (isLost && this.state === 'stopping') this.lostAtStop += 1;
    this.parts.telemetry.emit(event);
  }

  private async load(): Promise<LoadResult> {
    const { location, clock, parsed } = this.parts;
    const loaded = await loadProject(location, clock.now(), parsed, takeRests(clock));
    if (!loaded.ok) this.watch?.follow([], loaded.secretFiles ?? []);
    return loaded;
  }

  private async apply(next: Project, before: Project) {
    this.parts.redactor.add(next.secrets);
    if (hostFingerprint(next) !== hostFingerprint(before)) await this.replaceHosts(next, before);
    const steps = diffInSteps(before.snapshot, next.snapshot);
    const diff = await withRests(steps, takeRests(this.parts.clock));
    failPoint('before-reload');
    putInForce({ engine: this.engine, scheduler: this.scheduler }, next, diff);
    failPoint('reloaded');
    this.watch?.follow(watchedPaths(this.parts.location, next), next.secretFiles);
    const { added, changed, renamed, removed } = diff.jobs;
    return {
      added: added.length,
      changed: changed.length + renamed.length,
      removed: removed.length,
    };
  }

  private async replaceHosts(next: Project, before: Project): Promise<void> {
    const { root } = this.parts.location;
    await this.executors.use(next);
    const files = changedModules(before.modules, next.modules).map((file) => relative(root, file));
    if (files.length === 0) return;
    const { hosts } = next.snapshot.daemon;
    this.parts.telemetry.emit({ kind: 'hosts-replaced', hosts, files });
  }

  private journalEvents() {
    return journalEvents({
      clock: this.parts.clock,
      telemetry: this.parts.telemetry,
      onTrouble: (message) => {
        this.trouble = message;
      },
      onRecovered: () => {
        this.trouble = undefined;
        this.scheduler.noteGap();
      },
      onBroken: this.breaking.resolve,
    });
  }

  private async openControl(): Promise<void> {
    const { openControlServer } = await import('../http/control-server.ts');
    const { backend, clock, counts, telemetry } = this.parts;
    const control = daemonControl({
      backend,
      clock,
      engine: this.engine,
      scheduler: this.scheduler,
      reloader: this.reloader,
      status: this.status,
      telemetry,
    });
    const socketPath = controlSocketPath(this.parts.statePath);
    const shown = secretFreeControl(control, this.parts.redactor.redact);
    const page = metricsPage({ counts, backend, scheduler: this.scheduler, status: this.status });
    this.control = await openControlServer({
      socketPath,
      control: whenStarted(shown, this.started.promise),
      metrics: () => this.started.promise.then(page),
    });
  }

  private openPruner(): Pruner {
    const { backend, clock, telemetry } = this.parts;
    return new Pruner({
      backend,
      clock,
      settings: () => this.engine.snapshot.daemon,
      onPruned: (records) => {
        this.engine.tickets.forgetStored();
        telemetry.emit({ kind: 'pruned', records, tookMs: 0 });
      },
      onError: (error) => this.partFailed('pruning', error),
    });
  }

  private openWatch(project: Project): Promise<FileWatch> {
    const { location } = this.parts;
    return watchFiles({
      root: location.root,
      paths: watchedPaths(location, project),
      polled: project.secretFiles,
      settleMs,
      maxUnrestMs,
      onChange: () => void this.reload('files'),
      onError: (error) => this.partFailed('watcher', error),
    });
  }

  private partFailed(part: string, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.parts.telemetry.emit({ kind: 'part-failed', part, message });
  }
}
