import { Worker } from 'node:worker_threads';
import type { ResolvedEndpoint } from '../../endpoint/endpoint-settings.ts';
import type { HostSetup, PoolMessage } from '../protocol.ts';
import { CurrentRun } from './current-run.ts';
import { DataChannel } from './data-channel.ts';
import { executeService, failed } from './execute-service.ts';
import { trapFaults } from './fault-trap.ts';
import { type HandOver, HostRun, type RunSettlement } from './host-run.ts';
import { Inbox } from './inbox.ts';
import { InputChecks } from './input-checks.ts';
import { monotonic } from './intrinsics.ts';
import { captureOutput } from './output-capture.ts';
import { PoolCalls } from './pool-calls.ts';
import { RunContext } from './run-context.ts';
import { RunGate } from './run-gate.ts';
import { RunLog } from './run-log.ts';
import { type ServiceClass, ServiceLoader } from './service-loader.ts';
import { TamperCheck } from './tamper-check.ts';

/** Starts the host in this process, with its watchdog thread started from `entry`. */
export function startHost(entry: URL): void {
  const shared = RunGate.allocate();
  const endGroup = (): void => {
    process.kill(-process.pid, 'SIGKILL');
  };
  new Worker(entry, { workerData: shared, execArgv: [] }).on('error', endGroup);
  new HostRuntime(new RunGate(shared), endGroup);
}

class HostRuntime {
  readonly #channel: DataChannel;
  readonly #current = new CurrentRun();
  readonly #gate: RunGate;
  readonly #inbox: Inbox;
  readonly #log: RunLog;
  readonly #calls: PoolCalls;
  readonly #tampering = new TamperCheck();
  readonly #inputChecks = new InputChecks();
  readonly #exit = process.exit.bind(process, 0);
  #loader = new ServiceLoader('', []);
  #endpoints: ReadonlyMap<string, ResolvedEndpoint> = new Map();

  constructor(gate: RunGate, onClosed: () => void) {
    this.#gate = gate;
    this.#channel = new DataChannel({
      onMessage: (message) => this.#receive(message),
      onClosed,
      beforeFlush: () => this.#inbox.endOfTurn(),
    });
    this.#log = new RunLog(this.#channel);
    this.#calls = new PoolCalls(this.#channel);
    this.#inbox = new Inbox({
      gate,
      channel: this.#channel,
      activeCount: () => this.#current.active.length,
      begin: (handOver) => this.#begin(handOver),
    });
    captureOutput(this.#current, this.#log);
    trapFaults(this.#current, this.#log);
  }

  #receive(message: PoolMessage): void {
    switch (message[0]) {
      case 's':
        return this.#inbox.add(handOverOf(message));
      case 'r':
        return this.#calls.answer(message[1], message[2], message[3]);
      case 'a':
        return this.#current.bySeq(message[1])?.abort(message[2]);
      case 'o':
        this.#gate.reopen(message[1]);
        return this.#channel.send(['o']);
      case 'p':
        return this.#channel.send(['p']);
      case 'x':
        return this.#exit();
      case 'init':
        void this.#setUp(message[1]);
    }
  }

  async #setUp(setup: HostSetup): Promise<void> {
    this.#loader = new ServiceLoader(setup.root, setup.services);
    this.#endpoints = new Map(setup.endpoints.map((endpoint) => [endpoint.name, endpoint]));
    this.#inbox.concurrency = setup.concurrency;
    // A module that cannot be loaded is the business of the runs that need it.
    for (const name of setup.warm) await Promise.resolve(this.#loader.load(name)).catch(() => {});
    this.#channel.send(['ready']);
  }

  #begin(handOver: HandOver): void {
    const run: HostRun = new HostRun(handOver, (settled, settlement) =>
      this.#settled(settled, settlement),
    );
    this.#current.add(run);
    const loaded = this.#current.outside(() =>
      this.#watched(run, () => this.#loader.load(handOver.service)),
    );
    this.#current.within(run, () => void this.#execute(run, loaded as ServiceClass));
  }

  async #execute(run: HostRun, loaded: ServiceClass | Promise<ServiceClass>): Promise<void> {
    try {
      const serviceClass = typeof loaded === 'function' ? loaded : await loaded;
      const entry = this.#loader.entry(run.handOver.service);
      const access = {
        all: this.#endpoints,
        ...(entry?.endpoints !== undefined && { allowed: entry.endpoints }),
      };
      const settlement = await executeService({
        serviceClass,
        context: new RunContext(run, access, this.#calls, this.#log),
        checkInput: entry === undefined ? undefined : this.#inputChecks.for(entry),
        watched: (work) => this.#watched(run, work),
      });
      run.settle(settlement);
    } catch (error) {
      run.settle(failed(error));
    }
  }

  /** The user's code keeps the only thread until it returns: whose code that is must be known. */
  #watched(run: HostRun, work: () => unknown): unknown {
    const startedAt = monotonic();
    this.#gate.setCurrent(run.handOver.seq);
    try {
      return work();
    } finally {
      this.#gate.setCurrent(0);
      const blockedMs = monotonic() - startedAt;
      if (blockedMs > run.blockedMs) run.blockedMs = blockedMs;
    }
  }

  #settled(run: HostRun, settlement: RunSettlement): void {
    this.#current.remove(run);
    const changed = this.#tampering.check();
    if (changed !== undefined) {
      const text = `The service changed what all services of its host share (${changed}): the host is replaced.`;
      this.#log.write(run, 'warn', [text]);
      this.#channel.send(['t', changed]);
    }
    this.#channel.send([
      'e',
      run.handOver.seq,
      settlement.outcome,
      toMicroseconds(monotonic() - run.beganAt),
      toMicroseconds(run.blockedMs),
      settlement.result ?? null,
      settlement.error ?? null,
      settlement.retry ?? null,
    ]);
    this.#inbox.beginNext();
  }
}

/** Rounded, because seventeen digits in every message are only weight. */
function toMicroseconds(durationMs: number): number {
  return ((durationMs * 1000) >>> 0) / 1000;
}

function handOverOf(message: Extract<PoolMessage, readonly ['s', ...unknown[]]>): HandOver {
  return {
    seq: message[1],
    id: message[2],
    attempt: message[3],
    service: message[4],
    payload: message[5],
    cid: message[6],
    channel: message[7],
    job: message[8],
  };
}
