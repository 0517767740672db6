import type { Milliseconds } from '../clock/clock.ts';
import type { RunId } from '../dispatch/run.ts';
import type { Executor, RunRequest } from '../host/executor.ts';

/** An executor that can be taken out of service while its runs go on to their end. */
export interface RetirableExecutor extends Executor {
  /** Takes nothing more; resolves when its last run has ended and it is closed. */
  retire(): Promise<void>;
}

/**
 * Sends each run where it belongs: built-in services into the daemon itself, all others into the
 * pool of hosts in force. A pool that was replaced stays known until its last run has ended.
 */
export class RoutedExecutor implements Executor {
  private readonly inline: Executor;
  private readonly isInline: (service: string) => boolean;
  private pool: RetirableExecutor | undefined;
  private readonly retired = new Set<RetirableExecutor>();

  constructor(inline: Executor, isInline: (service: string) => boolean) {
    this.inline = inline;
    this.isInline = isInline;
  }

  /** Puts a new pool in force. Runs under way finish in the old one. */
  replacePool(pool: RetirableExecutor): void {
    const old = this.pool;
    this.pool = pool;
    if (!old) return;
    this.retired.add(old);
    void old.retire().finally(() => this.retired.delete(old));
  }

  hasRoom(service: string): boolean {
    return this.route(service)?.hasRoom(service) ?? false;
  }

  start(request: RunRequest): string {
    const executor = this.route(request.service);
    if (!executor) throw new Error('a run was started before there was a pool');
    return executor.start(request);
  }

  cancel(id: RunId, reason: string): void {
    for (const executor of this.all()) executor.cancel(id, reason);
  }

  async close(timeoutMs: Milliseconds): Promise<void> {
    await Promise.all([...this.all()].map((executor) => executor.close(timeoutMs)));
  }

  private route(service: string): Executor | undefined {
    return this.isInline(service) ? this.inline : this.pool;
  }

  private *all(): Iterable<Executor> {
    yield this.inline;
    if (this.pool) yield this.pool;
    yield* this.retired;
  }
}
