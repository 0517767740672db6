import type { Change } from '../../../src/backend/backend.ts';
import type { Milliseconds } from '../../../src/clock/clock.ts';
import type { RunId, RunRecord } from '../../../src/dispatch/run.ts';
import type { RunRequest } from '../../../src/host/executor.ts';
import type { Chronicle, HostStart } from '../world/chronicle.ts';
import type { Now } from '../world/job-tracks.ts';
import {
  groups,
  hostCapacity,
  payloadOf,
  type SimJob,
  services,
  timeoutOf,
} from '../world/sim-job.ts';

/** A record as the disk has it, and what the checker noted beside it. */
export interface LedgerEntry {
  record: RunRecord;
  readonly order: number;
  readonly recordedMs: Milliseconds;
  /** The job as it was declared in the revision of this run. */
  readonly job: SimJob | undefined;
  /** When its next attempt was planned, at the latest. */
  retryMs?: Milliseconds;
  startedAttempt: number;
}

type World = Pick<Chronicle, 'revisions' | 'revisits'> & { violate(what: string): void };

// No disk of this world is full for longer.
const fullDiskMs = 4 * 3_600_000;

const unfinished = new Set(['waiting', 'running', 'retrying']);

/**
 * Looks at each commit as it becomes durable, and at each start of a host beside it: states follow
 * each other as they may, policies and limits hold at every moment.
 */
export class LedgerStream {
  readonly entries = new Map<RunId, LedgerEntry>();
  private readonly world: World;
  private readonly open = new Map<string, Set<LedgerEntry>>();
  private rateStarts: number[] = [];
  private rateRevisits = 0;
  private hasDropped = false;

  constructor(world: World) {
    this.world = world;
  }

  state(id: RunId): string | undefined {
    return this.entries.get(id)?.record.state;
  }

  unfinished(): LedgerEntry[] {
    return [...this.entries.values()].filter(({ record }) => unfinished.has(record.state));
  }

  noteLifeEnded(): void {
    this.hasDropped = false;
  }

  apply(changes: readonly Change[], now: Now): void {
    const touched = new Set<string>();
    for (const change of changes) {
      if (change.kind === 'record') this.record(change.run, now);
      else if (change.kind === 'update') this.update(change, now);
      else continue;
      const id = change.kind === 'record' ? change.run.id : change.id;
      const job = this.entries.get(id)?.record.job;
      if (job !== undefined) touched.add(job);
    }
    for (const job of touched) this.checkWaiting(job);
  }

  /** Must be called before the start is counted among `running`. */
  checkStart(request: RunRequest, running: readonly HostStart[]): void {
    const { id, attempt } = request;
    const entry = this.entries.get(id);
    const { record } = entry ?? {};
    if (!entry || record?.state !== 'running' || record.attempt !== attempt) {
      this.world.violate(
        `EFFECT ${id} ${attempt} starts, on disk ${record?.state} ${record?.attempt}`,
      );
      return;
    }
    if (entry.startedAttempt >= attempt) {
      this.world.violate(`TWICE ${id} attempt ${attempt} after ${entry.startedAttempt}`);
    }
    entry.startedAttempt = attempt;
    this.checkEdition(request, entry);
    this.checkLimits(entry, running);
  }

  private record(run: RunRecord, now: Now): void {
    if (this.entries.has(run.id)) {
      this.hasDropped = true;
      return;
    }
    const job = this.world.revisions.get(run.revision)?.get(run.job ?? '');
    if (run.job !== undefined && !job) {
      this.world.violate(`REVISION ${run.id} of ${run.revision}, which has no such job`);
    }
    const entry: LedgerEntry = {
      record: run,
      order: this.entries.size,
      recordedMs: now.ms,
      job,
      startedAttempt: 0,
    };
    if (run.state === 'running') this.checkFirstStart(entry);
    if (run.state === 'skipped') this.checkSkip(entry);
    const isEarly = run.plannedAt > now.latestAt || run.plannedAt < (run.nominalAt ?? 0);
    if (isEarly) this.world.violate(`EARLY ${run.id} on record before its time`);
    if (run.state === 'running' && (run.startedAt ?? 0) < run.plannedAt) {
      this.world.violate(`EARLY ${run.id} started before it was planned`);
    }
    this.entries.set(run.id, entry);
    this.file(entry);
  }

  private update(change: Change & { kind: 'update' }, now: Now): void {
    const entry = this.entries.get(change.id);
    if (!entry) return this.world.violate(`UNKNOWN ${change.id} is updated`);
    const before = entry.record;
    if (change.ifAttempt !== undefined && change.ifAttempt !== before.attempt) return;
    entry.record = { ...before, ...change.fields };
    if (!unfinished.has(before.state)) this.checkGrowth(before, entry.record);
    // Without a state it is only told why it is to end.
    else if (change.fields.state === 'running') this.checkNextAttempt(entry, before, now);
    if (entry.record.state === 'retrying') {
      entry.retryMs = now.ms;
      this.checkRetryAllowed(entry);
    }
    this.file(entry);
  }

  private file(entry: LedgerEntry): void {
    const { job } = entry.record;
    if (job === undefined) return;
    const open = this.open.get(job) ?? new Set();
    this.open.set(job, open);
    // A stretch that waits for the ledger's word is in nobody's way.
    const isStretch = entry.record.lastNominalAt !== undefined;
    if (unfinished.has(entry.record.state) && !isStretch) open.add(entry);
    else open.delete(entry);
  }

  private others(entry: LedgerEntry): LedgerEntry[] {
    const open = this.open.get(entry.record.job ?? '') ?? [];
    return [...open].filter((other) => other !== entry);
  }

  private checkFirstStart(entry: LedgerEntry): void {
    const { record, job } = entry;
    if (record.attempt !== 1)
      this.world.violate(`ATTEMPT ${record.id} begins with ${record.attempt}`);
    if (!job || job.policies.overlap === 'allow') return;
    for (const other of this.others(entry)) {
      if (other.record.state !== 'waiting') {
        this.world.violate(`OVERLAP ${record.id} starts beside ${other.record.id}`);
      } else if (job.policies.overlap === 'queue' && comesBefore(other, entry)) {
        this.world.violate(`ORDER ${record.id} starts before ${other.record.id}`);
      }
    }
  }

  private checkNextAttempt(entry: LedgerEntry, before: RunRecord, now: Now): void {
    const { record } = entry;
    if (before.state === 'waiting') return this.checkFirstStart(entry);
    if (before.state !== 'retrying' || record.attempt !== before.attempt + 1) {
      this.world.violate(
        `ATTEMPT ${record.id} ${before.state} ${before.attempt} → ${record.attempt}`,
      );
    }
    // Its time was reckoned by the wall clock, perhaps long before it was on the disk.
    const hasJumped = now.jumpedMs > (entry.retryMs ?? now.ms) - fullDiskMs;
    if (!hasJumped && (record.startedAt ?? 0) < (before.retryAt ?? 0)) {
      this.world.violate(`EARLY ${record.id} tries again before ${before.retryAt}`);
    }
  }

  private checkRetryAllowed({ record, job }: LedgerEntry): void {
    const retry = job?.policies.retry;
    const most = retry ? retry.attempts + (retry.onLost ? 2 : 0) : 1;
    if (record.attempt >= most) this.world.violate(`RETRY ${record.id} after ${record.attempt}`);
  }

  /** Only a stretch of skipped times that still grows may change once it is over. */
  private checkGrowth(before: RunRecord, after: RunRecord): void {
    const isStretch = before.state === 'skipped' && before.count !== undefined;
    const grows = (after.count ?? 0) > (before.count ?? 0) && after.state === before.state;
    // Times that come again may be skipped again, in the record of the first time.
    const isSkipped = before.state === 'skipped' && after.state === 'skipped';
    if (this.hasDropped && isSkipped) return;
    if (!isStretch || !grows)
      this.world.violate(`LATE ${after.id} ${before.state} → ${after.state}`);
  }

  private checkSkip(entry: LedgerEntry): void {
    const { record, job } = entry;
    if (record.reason !== 'overlap' || this.hasDropped) return;
    if (job?.policies.overlap !== 'skip' || this.others(entry).length === 0) {
      this.world.violate(`SKIPPED ${record.id} although nothing is in its way`);
    }
  }

  private checkWaiting(job: string): void {
    let waiting = 0;
    for (const entry of this.open.get(job) ?? []) {
      const overlap = entry.job?.policies.overlap;
      const keepsOne = overlap === 'queue-latest' || overlap === 'replace';
      const { state, reason } = entry.record;
      // On record before it is judged: only then is it known whether its time was on record.
      if (keepsOne && state === 'waiting' && reason !== 'unjudged') waiting += 1;
    }
    if (waiting > 1) this.world.violate(`WAITING ${waiting} of ${job}, which keeps one`);
  }

  private checkEdition(request: RunRequest, { record, job }: LedgerEntry): void {
    if (!job) return;
    const isOwn = record.trigger === 'schedule' || record.trigger === 'catch-up';
    const fits =
      request.timeoutMs === timeoutOf(job) &&
      request.service === job.policies.service &&
      (!isOwn || request.payload === payloadOf(job));
    if (!fits) this.world.violate(`EDITION ${record.id} is not of ${record.revision}`);
  }

  private checkLimits(entry: LedgerEntry, running: readonly HostStart[]): void {
    const { record, job } = entry;
    const say = (limit: string) => this.world.violate(`LIMIT ${record.id} exceeds ${limit}`);
    if (running.length >= hostCapacity) say('the hosts');
    const service: { maxRunning?: number } =
      services[record.service as keyof typeof services] ?? {};
    const ofService = running.filter((other) => other.service === record.service).length;
    if (ofService >= (service.maxRunning ?? Number.POSITIVE_INFINITY)) say(record.service);
    const group = job?.policies.group;
    if (group === 'few') {
      const ofGroup = running.filter(({ id }) => this.groupOf(id) === group).length;
      if (ofGroup >= groups.few.maxRunning) say(group);
    } else if (group === 'slow') this.checkRate(record, say);
    if (!job || job.policies.overlap === 'allow') return;
    for (const other of running) {
      const policy = this.entries.get(other.id)?.job?.policies.overlap;
      if (other.job === record.job && policy !== 'allow') {
        this.world.violate(`OVERLAP ${record.id} runs beside ${other.id}`);
      }
    }
  }

  private checkRate(record: RunRecord, say: (limit: string) => void): void {
    const at = record.startedAt ?? 0;
    // A clock that was set back says nothing about how fast these came.
    const revisits = this.world.revisits.length;
    if (revisits > this.rateRevisits) this.rateStarts = [];
    this.rateRevisits = revisits;
    // Nor does one that was written before, and could be kept only after it was set back.
    while ((this.rateStarts.at(-1) ?? at) > at) this.rateStarts.pop();
    this.rateStarts.push(at);
    const { count, perMs } = groups.slow.rate;
    const oldest = this.rateStarts.at(-1 - count);
    if (oldest !== undefined && at - oldest < perMs) say('the rate');
  }

  private groupOf(id: RunId): string | undefined {
    return this.entries.get(id)?.job?.policies.group;
  }
}

function comesBefore(other: LedgerEntry, entry: LedgerEntry): boolean {
  const [a, b] = [other.job?.policies, entry.job?.policies];
  if (!a || !b) return false;
  const isAlike = a.priority === b.priority && a.service === b.service && a.group === b.group;
  return isAlike && other.order < entry.order;
}
