import type { Backend, Change } from '../backend/backend.ts';
import type { CancelTimer, Clock, Milliseconds } from '../clock/clock.ts';
import type { RunId } from '../dispatch/run.ts';
import { type ErrorCode, JobsdError } from '../errors.ts';
import { failPoint } from './fail-point.ts';

export interface JournalEvents {
  /** The store refuses; what was to be written is kept and tried again. */
  troubled(error: JobsdError): void;
  recovered(): void;
  /** After `troubled`: no later try can help, and none is made. */
  broken?(error: JobsdError): void;
  /** A commit of so many changes is durable, so long after it was asked for. */
  committed?(changes: number, tookMs: Milliseconds): void;
  /** The store refuses one entry for what is in it: it is set aside, and the rest goes on. */
  poisoned?(error: JobsdError): void;
}

type Entry = {
  readonly changes: readonly Change[];
  readonly afterwards: (dropped: ReadonlySet<RunId>) => void;
  readonly refused?: ((error: JobsdError) => void) | undefined;
};

// A commit of some thousand rows costs little more than one of a hundred, but it blocks for
// longer: this keeps one commit within a few milliseconds.
const maxChangesPerCommit = 1000;
// While the store writes one commit, the next is made ready.
const maxCommitsUnderWay = 2;
const retryAfterTroubleMs = 500;
// A file that is damaged, a store that has died in itself: to go on would be to guess.
const beyondRepair: readonly ErrorCode[] = ['JOBSD_BACKEND_CORRUPT', 'JOBSD_INTERNAL'];

/**
 * The one way into the ledger. Whatever is written while commits are under way goes into the next
 * one (group commit), in order, and what depends on it happens only after it is durable.
 */
export class Journal {
  private readonly backend: Backend;
  private readonly clock: Clock;
  private readonly events: JournalEvents;
  private entries: Entry[] = [];
  private readonly underWay: Entry[][] = [];
  private failedCount = 0;
  private isRefused = false;
  /** So many of the next entries are committed one by one, to find the one that is refused. */
  private oneByOne = 0;
  private isPumpDue = false;
  private isClosed = false;
  private isBroken = false;
  private inTroubleFor: JobsdError | undefined;
  private cancelRetry: CancelTimer | undefined;
  private idleWaiters: (() => void)[] = [];
  private readonly durableWaiters = new Set<() => void>();

  constructor(options: { backend: Backend; clock: Clock; events: JournalEvents }) {
    this.backend = options.backend;
    this.clock = options.clock;
    this.events = options.events;
  }

  /** Whether the store refused the last commit. Nothing new should be fired meanwhile. */
  get troubled(): boolean {
    return this.inTroubleFor !== undefined;
  }

  /** Whether nothing can be written any more. */
  get broken(): boolean {
    return this.isBroken;
  }

  /** Why it refused it. */
  get trouble(): JobsdError | undefined {
    return this.inTroubleFor;
  }

  private get isBusy(): boolean {
    return this.isPumpDue || this.underWay.length > 0 || this.entries.length > 0;
  }

  /**
   * All of `changes` in one transaction; `afterwards` is called once they are durable. With `refused`
   * they are not kept for later: it is called when the store refuses them, and they are forgotten.
   * The last is told first, so that each can take back what it did.
   */
  write(
    changes: readonly Change[],
    afterwards: Entry['afterwards'] = () => {},
    refused?: Entry['refused'],
  ): void {
    if (this.isClosed) return;
    this.entries.push({ changes, afterwards, refused });
    if (this.isPumpDue || this.underWay.length >= maxCommitsUnderWay) return;
    this.isPumpDue = true;
    queueMicrotask(() => this.pump());
  }

  /**
   * Resolves when all that was written so far is durable, or the journal is closed. Never rejects:
   * trouble only delays it.
   */
  durable(): Promise<void> {
    if (this.isClosed || !this.isBusy) return Promise.resolve();
    return new Promise((resolve) => {
      const waiter = () => {
        this.durableWaiters.delete(waiter);
        resolve();
      };
      this.durableWaiters.add(waiter);
      this.entries.push({ changes: [], afterwards: waiter });
    });
  }

  /**
   * As `durable`, for who can be told of trouble: rejects with it as soon as there is any, and with
   * JOBSD_DAEMON_STOPPING when the journal is closed. What was written is kept all the same.
   */
  durableNow(): Promise<void> {
    if (this.trouble) return Promise.reject(this.trouble);
    if (this.isClosed || !this.isBusy) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.entries.push({ changes: [], afterwards: () => resolve(), refused: reject });
    });
  }

  /**
   * Resolves when nothing is left that can be written, or the journal is closed; under a steady load
   * that may be never.
   */
  idle(): Promise<void> {
    if (this.isClosed || this.isBroken || !this.isBusy) return Promise.resolve();
    return new Promise((resolve) => this.idleWaiters.push(resolve));
  }

  /** Writes nothing from now on: what is not durable by now is as if it had not happened. */
  close(): void {
    this.isClosed = true;
    this.entries.unshift(...this.underWay.flat());
    this.refuse(new JobsdError('JOBSD_DAEMON_STOPPING'));
    this.entries = [];
    this.cancelRetry?.();
    this.becomeIdle();
    for (const resolve of this.durableWaiters) resolve();
  }

  private pump(): void {
    this.isPumpDue = false;
    while (this.underWay.length < this.roomForCommits && this.entries.length > 0) {
      if (this.failedCount > 0) return;
      const batch = this.nextBatch();
      this.underWay.push(batch);
      void this.flush(batch);
    }
    if (!this.isBusy) this.becomeIdle();
  }

  private get roomForCommits(): number {
    return this.oneByOne > 0 ? 1 : maxCommitsUnderWay;
  }

  private nextBatch(): Entry[] {
    if (this.oneByOne === 0) return takeBatch(this.entries);
    this.oneByOne -= 1;
    return this.entries.splice(0, 1);
  }

  private async flush(batch: readonly Entry[]): Promise<void> {
    const changes =
      batch.length === 1 && batch[0] ? batch[0].changes : batch.flatMap((entry) => entry.changes);
    const askedMs = this.clock.monotonic();
    let dropped: readonly RunId[];
    try {
      const committed = this.backend.commit(changes);
      failPoint('commit-sent');
      ({ dropped } = await committed);
      failPoint('commit-durable');
    } catch (error) {
      if (!this.isClosed) this.fail(error);
      return;
    }
    // Outside of the `try`: what goes wrong here is a fault of ours. It ends the process, and the
    // ledger, which is right, is taken up by the next one; a second commit of it would not be.
    this.events.committed?.(changes.length, this.clock.monotonic() - askedMs);
    if (!this.isClosed) this.succeed(dropped);
  }

  /** Commits succeed in the order in which they were asked for. */
  private succeed(dropped: readonly RunId[]): void {
    const batch = this.underWay.shift() ?? [];
    this.leaveTrouble();
    const droppedIds = dropped.length === 0 ? noneDropped : new Set(dropped);
    for (const entry of batch) entry.afterwards(droppedIds);
    this.pump();
  }

  /** When one fails, all that were asked for after it fail too; then they are tried again in order. */
  private fail(error: unknown): void {
    this.failedCount += 1;
    const trouble = coded(error);
    if (trouble.code === 'JOBSD_INPUT_INVALID') this.isRefused = true;
    else this.enterTrouble(trouble);
    this.isBroken ||= beyondRepair.includes(trouble.code);
    if (this.failedCount < this.underWay.length) return;
    const failed = this.underWay.splice(0).flat();
    this.failedCount = 0;
    if (this.isRefused && !this.isBroken) return this.setAside(failed, trouble);
    this.entries.unshift(...failed);
    this.isPumpDue = true;
    this.refuse(trouble);
    if (this.isBroken) return this.breakOff(trouble);
    this.cancelRetry = this.clock.after(retryAfterTroubleMs, () => this.pump());
  }

  private breakOff(error: JobsdError): void {
    this.becomeIdle();
    this.events.broken?.(error);
  }

  /** A single entry that is refused is never tried again: it would hold up everything for ever. */
  private setAside(refused: Entry[], error: JobsdError): void {
    this.isRefused = false;
    const [only] = refused;
    if (refused.length === 1 && only) (only.refused ?? this.events.poisoned)?.(error);
    else {
      this.entries.unshift(...refused);
      this.oneByOne = refused.length;
    }
    this.isPumpDue = true;
    queueMicrotask(() => this.pump());
  }

  private refuse(error: JobsdError): void {
    const refused = this.entries.filter((entry) => entry.refused);
    if (refused.length === 0) return;
    this.entries = this.entries.filter((entry) => !entry.refused);
    for (const entry of refused.reverse()) entry.refused?.(error);
  }

  private enterTrouble(error: JobsdError): void {
    if (this.inTroubleFor) return;
    this.inTroubleFor = error;
    this.events.troubled(error);
  }

  private leaveTrouble(): void {
    if (!this.inTroubleFor) return;
    this.inTroubleFor = undefined;
    this.events.recovered();
  }

  private becomeIdle(): void {
    for (const resolve of this.idleWaiters.splice(0)) resolve();
  }
}

const noneDropped: ReadonlySet<RunId> = new Set();

function coded(error: unknown): JobsdError {
  if (error instanceof JobsdError) return error;
  const message = error instanceof Error ? error.message : String(error);
  // A store codes all that can befall it: this is a fault of ours, and would be one again.
  return new JobsdError('JOBSD_INTERNAL', message, { cause: error });
}

function takeBatch(entries: Entry[]): Entry[] {
  let changes = 0;
  let count = 0;
  while (count < entries.length && (count === 0 || changes < maxChangesPerCommit)) {
    changes += entries[count]?.changes.length ?? 0;
    count += 1;
  }
  return entries.splice(0, count);
}
