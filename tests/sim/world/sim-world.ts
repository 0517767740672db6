import type { Change } from '../../../src/backend/backend.ts';
import type { Instant, Milliseconds } from '../../../src/clock/clock.ts';
import type { PauseTarget } from '../../../src/daemon/pauses.ts';
import type { RunRecord } from '../../../src/dispatch/run.ts';
import type { RunEnd, RunRequest } from '../../../src/host/executor.ts';
import { LedgerStream } from '../check/ledger-stream.ts';
import type { Chronicle, Health, HostStart } from './chronicle.ts';
import { DaemonLife } from './daemon-life.ts';
import type { EventLog } from './event-log.ts';
import { JobTracks, type Now } from './job-tracks.ts';
import { JobMaker, type SimSpan } from './make-job.ts';
import { Random } from './random.ts';
import { SimClock } from './sim-clock.ts';
import { type SimJob, snapshotOf } from './sim-job.ts';
import { type KillPoint, SimStore } from './sim-store.ts';

interface ArmedKill {
  readonly point: KillPoint | 'any';
  left: number;
}

// What was planned so shortly before a kill may not have reached the disk.
const slackMs = 15_000;
// Longer than it takes to notice that a clock has jumped, or that the disk has room again.
const unnoticedMs = 40_000;

/** A machine with a disk, a clock, hosts, files and a daemon; what is done to it is told apart. */
export class SimWorld implements Chronicle {
  readonly clock: SimClock;
  readonly store: SimStore;
  readonly maker: JobMaker;
  readonly log: EventLog;
  readonly span: SimSpan;
  readonly segments: Chronicle['segments'] = [];
  readonly starts: HostStart[] = [];
  readonly revisits: Chronicle['revisits'] = [];
  readonly revisions: Chronicle['revisions'] = new Map();
  readonly violations: string[] = [];
  readonly ledger: LedgerStream;
  readonly tracking = new JobTracks();
  readonly random: Random;
  /** What is declared in the files. */
  jobs: ReadonlyMap<string, SimJob> = new Map();
  life: DaemonLife | undefined;
  armedKill: ArmedKill | undefined;
  isQuiet = false;
  private latestAt: Instant;
  private jumpedMs = Number.NEGATIVE_INFINITY;
  private running = new Map<string, HostStart>();
  private trouble: { startAt: Instant; endMs: Milliseconds } | undefined;
  private certainAt: Instant;
  private revision = '';
  private firstStarts: Map<string, HostStart> | undefined;
  private readonly slowTimes: { fromMs: Milliseconds; untilMs: Milliseconds }[] = [];

  constructor(seed: number, span: SimSpan, log: EventLog) {
    this.log = log;
    this.span = span;
    this.random = new Random(seed, 'world');
    this.clock = new SimClock(span.startAt);
    this.latestAt = span.startAt;
    this.certainAt = span.startAt;
    this.maker = new JobMaker(new Random(seed, 'jobs'), span);
    this.ledger = new LedgerStream(this);
    this.store = new SimStore({
      clock: this.clock,
      random: new Random(seed, 'store'),
      at: (point) => this.passPoint(point),
      onDurable: (changes) => this.noteDurable(changes),
    });
    this.note('down');
  }

  get tracks() {
    return this.tracking.tracks;
  }

  get nowMs(): Milliseconds {
    return this.clock.monotonic();
  }

  /** How long a commit took about, when it was slowest, around this moment. */
  slownessAt(ms: Milliseconds): Milliseconds {
    return this.slowTimes.some(({ fromMs, untilMs }) => ms >= fromMs - 60_000 && ms <= untilMs)
      ? 60_000
      : 3;
  }

  firstStart(id: string): HostStart | undefined {
    this.firstStarts ??= new Map(this.starts.toReversed().map((start) => [start.id, start]));
    return this.firstStarts.get(id);
  }

  setSlowness(slownessMs: Milliseconds, forMs: Milliseconds): void {
    this.tell(`disk takes ${slownessMs}`);
    this.store.slownessMs = slownessMs;
    this.slowTimes.push({ fromMs: this.nowMs, untilMs: this.nowMs + forMs + 60_000 });
  }

  tell(what: string): void {
    this.log.add(`${this.nowMs} ${this.clock.now()} ${what}`);
  }

  violate(what: string): void {
    this.violations.push(what);
    this.tell(`VIOLATION ${what}`);
  }

  now(): Now {
    this.latestAt = Math.max(this.latestAt, this.clock.now());
    const { latestAt, jumpedMs } = this;
    return { at: this.clock.now(), ms: this.nowMs, latestAt, jumpedMs };
  }

  declare(jobs: ReadonlyMap<string, SimJob>): void {
    this.jobs = jobs;
    this.revision = `r${this.revisions.size}`;
    this.revisions.set(this.revision, jobs);
  }

  startDaemon(): void {
    if (this.life?.isAlive) this.kill('replaced');
    const { jobs, revision } = this;
    this.tell(`start ${revision}`);
    const life: DaemonLife = new DaemonLife({
      clock: this.clock,
      store: this.store,
      random: this.random,
      snapshot: snapshotOf(jobs.values(), revision),
      hosts: {
        at: (point) => this.passPoint(point),
        typicalMs: (request) => this.jobs.get(request.job?.name ?? '')?.typicalMs ?? 5000,
        onStarted: (request) => this.noteStarted(request),
        onEnded: (end, isRepeated) => this.noteEnded(end, isRepeated),
      },
      onStart: () => {
        this.putInForce(life, jobs, { certainTo: this.certainAt });
        this.note(this.store.isFull ? 'full' : 'up');
      },
      onReady: () => {
        if (this.jobs !== jobs) this.reload();
      },
      onEnded: (run) => this.checkTold(run),
    });
    life.hosts.isQuiet = this.isQuiet;
    this.life = life;
    void life.start();
  }

  reload(): void {
    const { life, jobs, revision } = this;
    if (!life?.isReady) return;
    this.tell(`reload ${revision}`);
    this.noteTakeUp();
    this.putInForce(life, jobs);
    life.reload(snapshotOf(jobs.values(), revision));
  }

  setPaused(target: PauseTarget, pause: { until?: Instant } | undefined): void {
    const { life } = this;
    if (!life?.isReady) return;
    if (target.kind === 'job' && !life.scheduler.job(target.name)) return;
    this.noteTakeUp();
    const now = this.now();
    this.tell(`${pause ? 'pause' : 'resume'} ${JSON.stringify(target)} ${pause?.until ?? ''}`);
    const operation = pause
      ? this.tracking.pause(target, now, pause.until)
      : this.tracking.resume(target, now);
    life.scheduler.setPaused(target, pause && { at: now.at, ...pause });
    this.acknowledgeLater(life, operation);
  }

  /** `kill -9`: at once, in the middle of whatever it is doing. */
  kill(why: string): void {
    const { life } = this;
    if (!life?.isAlive) return;
    this.tell(`kill ${why}`);
    life.kill();
    this.afterLife();
  }

  async stopDaemon(): Promise<void> {
    const { life } = this;
    if (!life?.isReady) return;
    this.tell('stop');
    this.noteCertain();
    this.note('down');
    await life.stop();
    this.tell('stopped');
    life.kill();
    this.afterLife();
  }

  jump(byMs: Milliseconds): void {
    const before = this.now();
    this.tell(`jump ${byMs}`);
    this.noteTrouble(unnoticedMs);
    this.clock.jump(byMs);
    this.jumpedMs = this.nowMs;
    const now = this.now();
    if (byMs < 0) {
      this.revisits.push({ fromAt: now.at, toAt: before.latestAt, atMs: now.ms });
      if (before.latestAt - now.at > 3_500_000) this.tracking.loosen(now);
    }
    this.note(this.segments.at(-1)?.health ?? 'down');
  }

  stall(durationMs: Milliseconds): void {
    this.tell(`stall ${durationMs}`);
    const health = this.segments.at(-1)?.health ?? 'down';
    this.noteTrouble(durationMs + unnoticedMs);
    if (health === 'up') this.note('stalled');
    this.clock.stall(durationMs);
    if (health === 'up') this.note('up');
  }

  setDiskFull(isFull: boolean): void {
    this.tell(isFull ? 'disk full' : 'disk has room');
    this.store.isFull = isFull;
    if (isFull) this.noteTrouble(Number.POSITIVE_INFINITY);
    else if (this.trouble) this.trouble.endMs = this.nowMs + unnoticedMs;
    const health = this.segments.at(-1)?.health;
    if (health === 'up' || health === 'full') this.note(isFull ? 'full' : 'up');
  }

  private putInForce(
    life: DaemonLife,
    jobs: ReadonlyMap<string, SimJob>,
    restart?: { certainTo: Instant },
  ): void {
    this.acknowledgeLater(life, this.tracking.putInForce(jobs, this.now(), restart));
  }

  private acknowledgeLater(
    life: DaemonLife,
    operation: Parameters<JobTracks['acknowledge']>[0],
  ): void {
    // After what the call at hand writes.
    queueMicrotask(() => {
      void life.engine.journal.idle().then(() => this.tracking.acknowledge(operation));
    });
  }

  private afterLife(): void {
    if (this.segments.at(-1)?.health !== 'down') this.noteCertain();
    this.note('down');
    for (const start of this.running.values()) start.endMs = this.nowMs;
    this.running.clear();
    void this.store.disk.jobStates().then((states) => this.tracking.settle(states));
    this.ledger.noteLifeEnded();
  }

  /** The daemon fires nothing more: what was planned until when is on disk for certain? */
  private noteCertain(): void {
    const recent = this.trouble && this.trouble.endMs >= this.nowMs ? this.trouble : undefined;
    const slack = slackMs + 2 * this.store.slownessMs;
    this.certainAt = Math.min(recent?.startAt ?? this.clock.now(), this.clock.now()) - slack;
  }

  private note(health: Health): void {
    const { at, ms } = this.now();
    this.segments.push({ fromMs: ms, wallAt: at, health });
  }

  /** Before it changes something the daemon takes up what is due, on a full disk too: a gap ends there, and the next begins. */
  private noteTakeUp(): void {
    if (this.segments.at(-1)?.health === 'full') this.note('full');
  }

  private noteTrouble(forMs: Milliseconds): void {
    const { trouble, nowMs } = this;
    const isOngoing = trouble !== undefined && trouble.endMs >= nowMs;
    const startAt = isOngoing ? Math.min(trouble.startAt, this.clock.now()) : this.clock.now();
    this.trouble = { startAt, endMs: Math.max(isOngoing ? trouble.endMs : 0, nowMs + forMs) };
  }

  private passPoint(point: KillPoint): void {
    const { armedKill } = this;
    if (!armedKill || !this.life?.isAlive) return;
    if (armedKill.point !== 'any' && armedKill.point !== point) return;
    armedKill.left -= 1;
    if (armedKill.left > 0) return;
    this.armedKill = undefined;
    this.kill(`at ${point}`);
  }

  private noteDurable(changes: readonly Change[]): void {
    this.ledger.apply(changes, this.now());
    for (const change of changes) this.log.add(`${this.nowMs} ${brief(change)}`);
  }

  private noteStarted(request: RunRequest): void {
    const { id, attempt, service } = request;
    this.tell(`host starts ${id} ${attempt}`);
    const key = `${id} ${attempt}`;
    const start: HostStart = {
      id,
      job: request.job?.name,
      service,
      attempt,
      atMs: this.nowMs,
      wallAt: this.clock.now(),
      runNumber: request.job?.runNumber,
    };
    this.ledger.checkStart(request, [...this.running.values()]);
    this.starts.push(start);
    this.running.set(key, start);
  }

  private noteEnded({ id, attempt, outcome }: RunEnd, isRepeated: boolean): void {
    this.tell(`host ends ${id} ${attempt} ${outcome}${isRepeated ? ' again' : ''}`);
    const start = this.running.get(`${id} ${attempt}`);
    if (!start || isRepeated) return;
    this.running.delete(`${id} ${attempt}`);
    start.endMs = this.nowMs;
    start.outcome = outcome;
  }

  /** What the daemon tells others about a run must be on disk. */
  private checkTold(run: RunRecord): void {
    const state = this.ledger.state(run.id);
    if (state !== run.state) this.violate(`TOLD ${run.id} is ${run.state}, on disk ${state}`);
  }
}

function brief(change: Change): string {
  switch (change.kind) {
    case 'record': {
      const { id, state, reason, count, trigger } = change.run;
      return `record ${id} ${state} ${reason} ${count} ${trigger}`;
    }
    case 'update': {
      const { state, attempt, count, reason, endedAt } = change.fields;
      return `update ${change.id} ${change.ifAttempt} ${state} ${attempt} ${count} ${reason} ${endedAt}`;
    }
    case 'job-state': {
      const { job, cursorAt, anchorAt, occurrences, paused } = change.state;
      return `state ${job} ${cursorAt} ${anchorAt} ${occurrences} ${paused?.at}`;
    }
    case 'definition':
      return `definition ${change.key}`;
    default:
      return JSON.stringify(change);
  }
}
