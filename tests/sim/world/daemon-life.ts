import { diffSnapshots } from '../../../src/config/diff-snapshots.ts';
import type { Snapshot } from '../../../src/config/snapshot.ts';
import { Engine } from '../../../src/daemon/engine.ts';
import { putInForce } from '../../../src/daemon/put-in-force.ts';
import { recover } from '../../../src/daemon/recover.ts';
import { Scheduler } from '../../../src/daemon/scheduler.ts';
import type { RunRecord } from '../../../src/dispatch/run.ts';
import type { Random } from './random.ts';
import type { SimClock, TimerOwner } from './sim-clock.ts';
import { SimHosts, type SimHostsOptions } from './sim-hosts.ts';
import type { SimStore } from './sim-store.ts';

export interface DaemonLifeOptions {
  readonly clock: SimClock;
  readonly store: SimStore;
  readonly random: Random;
  readonly snapshot: Snapshot;
  readonly hosts: Pick<SimHostsOptions, 'at' | 'typicalMs' | 'onStarted' | 'onEnded'>;
  /** Just before the clockwork starts: all until now is an outage. */
  readonly onStart: () => void;
  readonly onReady: () => void;
  readonly onEnded: (run: RunRecord) => void;
}

/** One process: put together as the daemon does it, until it is killed or stops. */
export class DaemonLife implements TimerOwner {
  isAlive = true;
  isReady = false;
  readonly hosts: SimHosts;
  readonly engine: Engine;
  readonly scheduler: Scheduler;
  private readonly options: DaemonLifeOptions;
  private readonly backend;

  constructor(options: DaemonLifeOptions) {
    this.options = options;
    const { random, store, snapshot } = options;
    const clock = options.clock.of(this);
    this.backend = store.openFor(this);
    this.hosts = new SimHosts({
      ...options.hosts,
      clock: options.clock,
      owner: this,
      random,
      settle: (ends) => this.engine.dispatcher.settle(ends),
      roomAgain: () => this.engine.dispatcher.pump(),
    });
    this.engine = new Engine(snapshot, {
      clock,
      random: random.next,
      backend: this.backend,
      executor: this.hosts,
      isBuiltIn: () => false,
      events: {
        started() {},
        retrying() {},
        troubled() {},
        ended: options.onEnded,
        recovered: () => this.scheduler.noteGap(),
      },
    });
    const { journal, dispatcher, tickets } = this.engine;
    this.scheduler = new Scheduler({
      clock,
      journal,
      dispatcher,
      tickets,
      events: { clockJumped() {}, stretch() {} },
    });
  }

  async start(): Promise<void> {
    const { backend } = this;
    const { dispatcher, reactions, tickets } = this.engine;
    const clock = this.options.clock.of(this);
    await recover({ backend, clock, dispatcher, reactions, tickets });
    const states = await backend.jobStates();
    if (!this.isAlive) return;
    this.options.onStart();
    this.scheduler.start(this.engine.snapshot, states);
    dispatcher.pump();
    this.isReady = true;
    this.options.onReady();
  }

  reload(snapshot: Snapshot): void {
    const diff = diffSnapshots(this.engine.snapshot, snapshot);
    putInForce(this, { snapshot }, diff);
  }

  /** Resolves when all is written; never when it is killed meanwhile. */
  async stop(): Promise<void> {
    const { dispatcher, journal } = this.engine;
    this.isReady = false;
    this.scheduler.stop();
    const drained = dispatcher.stop();
    await this.hosts.close(30_000);
    await drained;
    await journal.idle();
    journal.close();
  }

  /** Nothing happens any more; what was under way never comes back. */
  kill(): void {
    this.isAlive = false;
    this.isReady = false;
  }
}
