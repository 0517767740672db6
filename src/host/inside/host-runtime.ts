import { createRequire, flushCompileCache } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { ResolvedEndpoint } from '../../endpoint/endpoint-settings.ts';
import type { EndpointAccess } from '../../endpoint/endpoint-views.ts';
import type { HostCall, HostSetup, PoolMessage } from '../protocol.ts';
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
import { type ServiceClass, ServiceLoader, type WhileLoading } from './service-loader.ts';
import { TamperCheck } from './tamper-check.ts';

/** Starts the host in this process, with its watchdog thread started from `entry`. */
export function startHost(entry: URL): void {
  const shared = RunGate.allocate();
  const endGroup = (): void => {
    process.kill(-process.pid, 'SIGKILL');
  };
  const watchdog = new Worker(entry, { workerData: shared, execArgv: [] }).on('error', endGroup);
  // Not here: to look for what has left the group takes functions that a service may have changed.
  new HostRuntime(new RunGate(shared), () => watchdog.postMessage('end'));
}

class HostRuntime {
  readonly #channel: DataChannel;
  readonly #current = new CurrentRun();
  readonly #gate: RunGate;
  readonly #inbox: Inbox;
  readonly #log: RunLog;
  readonly #calls: PoolCalls;
  readonly #tampering = new TamperCheck();
  readonly #inputChecks: InputChecks;
  readonly #whileLoading: WhileLoading = (load) => this.#gate.whileLoading(load);
  readonly #exit = process.exit.bind(process, 0);
  #turn = 0;
  #loader: ServiceLoader;
  #endpoints: ReadonlyMap<string, ResolvedEndpoint> = new Map();

  constructor(gate: RunGate, onClosed: () => void) {
    this.#gate = gate;
    this.#inputChecks = new InputChecks(this.#whileLoading);
    this.#loader = new ServiceLoader('', [], this.#whileLoading);
    this.#channel = new DataChannel({
      onMessage: (message) => this.#receive(message),
      onClosed,
      beforeFlush: () => this.#endOfTurn(),
    });
    this.#log = new RunLog(this.#channel);
    this.#calls = new PoolCalls(this.#channel);
    this.#inbox = new Inbox({
      gate,
      channel: this.#channel,
      activeCount: () => this.#current.busyCount,
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
      case 'w':
        return this.#warm(message[1]);
      case 'p':
        return this.#channel.send(['p']);
      case 'x':
        return this.#exit();
      case 'init':
        void this.#setUp(message[1]);
    }
  }

  async #setUp(setup: HostSetup): Promise<void> {
    this.#loader = new ServiceLoader(setup.root, setup.services, this.#whileLoading);
    this.#endpoints = new Map(setup.endpoints.map((endpoint) => [endpoint.name, endpoint]));
    this.#inbox.concurrency = setup.concurrency;
    await preloadPackage(setup.root);
    for (const name of setup.warm) await this.#loadAhead(name);
    flushCompileCache();
    this.#channel.send(['ready']);
  }

  #warm(service: string): void {
    void this.#current.outside(() => this.#loadAhead(service));
  }

  /** A module that cannot be loaded is the business of the runs that need it. */
  async #loadAhead(service: string): Promise<void> {
    try {
      await this.#loader.load(service);
    } catch {}
  }

  #begin(handOver: HandOver): void {
    const began = { inTurn: this.#turn, among: this.#current.active.length + 1 };
    const run: HostRun = new HostRun(handOver, began, (settled, settlement) =>
      this.#settled(settled, settlement),
    );
    this.#current.add(run);
    const loaded = this.#current.outside(() => this.#loader.load(handOver.service));
    this.#current.within(run, () => void this.#execute(run, loaded));
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
        context: this.#contextOf(run, access),
        checkInput: entry === undefined ? undefined : this.#inputChecks.for(entry),
        watched: (work) => this.#watched(run, work),
      });
      run.settle(settlement);
    } catch (error) {
      run.settle(failed(error));
    }
  }

  #contextOf(run: HostRun, access: EndpointAccess): RunContext {
    return new RunContext(run, access, (request) => this.#ask(run, request), this.#log);
  }

  async #ask(run: HostRun, request: HostCall): Promise<unknown> {
    if (request[0] !== 'invoke' || !request[3]) return this.#calls.ask(run, request);
    run.openInvokes += 1;
    this.#inbox.beginNext();
    try {
      return await this.#calls.ask(run, request);
    } finally {
      run.openInvokes -= 1;
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

  #endOfTurn(): void {
    this.#turn += 1;
    this.#inbox.endOfTurn();
  }

  /**
   * Many short runs begin together and then end one after the other: counted in full, each would
   * seem to have taken as long as all of them.
   */
  #durationMs(run: HostRun): number {
    const durationMs = monotonic() - run.beganAt;
    if (run.beganInTurn !== this.#turn) return durationMs;
    const { length } = this.#current.active;
    return durationMs / (run.beganAmong > length ? run.beganAmong : length);
  }

  #settled(run: HostRun, settlement: RunSettlement): void {
    const durationMs = this.#durationMs(run);
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
      toMicroseconds(durationMs),
      toMicroseconds(run.blockedMs),
      settlement.result ?? null,
      settlement.error ?? null,
      settlement.retry ?? null,
    ]);
    this.#inbox.beginNext();
  }
}

/** The first service should not wait for this package to load: nearly every module imports it. */
async function preloadPackage(root: string): Promise<void> {
  try {
    const path = createRequire(join(root, 'package.json')).resolve('jobsd');
    await import(pathToFileURL(path).href);
  } catch {
    // The project has none, or a broken one: the runs that need it will say so.
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
