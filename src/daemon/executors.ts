import type { Backend } from '../backend/backend.ts';
import type { Clock } from '../clock/clock.ts';
import { isBuiltInService } from '../config/built-in-services.ts';
import type { ResolvedEndpoint } from '../config/resolve-secrets.ts';
import type { JsonValue } from '../config/snapshot.ts';
import type { LogLine, RunId, RunRecord } from '../dispatch/run.ts';
import { JobsdError } from '../errors.ts';
import type { Executor, ExecutorEvents } from '../host/executor.ts';
import { type HostPool, openHostPool } from '../host/host-pool.ts';
import { createBuiltInExecutor } from '../service/built-in-executor.ts';
import type { Telemetry } from '../telemetry/events.ts';
import type { StatusView } from './control.ts';
import type { Engine } from './engine.ts';
import type { Project } from './load-project.ts';
import { RoutedExecutor } from './routed-executor.ts';
import type { Request } from './ticket-maker.ts';

export interface ExecutorsOptions {
  readonly root: string;
  readonly clock: Clock;
  readonly backend: Backend;
  readonly redact: (text: string) => string;
  /** The engine that the executors report to; it is made after them. */
  readonly engine: () => Engine;
  /** Is told of the hosts' lives. */
  readonly telemetry?: Telemetry;
  readonly onLogged?: (id: RunId, lines: readonly LogLine[]) => void;
}

export interface Executors {
  readonly executor: Executor;
  readonly hosts: () => StatusView['hosts'];
  /** Starts hosts for this project and puts them in force; runs under way finish in the old ones. */
  use(project: Project): Promise<void>;
}

/** All that carries out runs: built-in services in the daemon, all others in service hosts. */
export function createExecutors(options: ExecutorsOptions): Executors {
  const events = executorEvents(options);
  // One map for the life of the daemon: the built-ins look into it at each call.
  const endpoints = new Map<string, ResolvedEndpoint>();
  const inline = createBuiltInExecutor({
    endpoints,
    clock: options.clock,
    events,
    redact: options.redact,
  });
  const executor = new RoutedExecutor(inline, isBuiltInService);
  let pool: HostPool | undefined;
  return {
    executor,
    hosts: () => pool?.hosts() ?? [],
    async use(project) {
      const { hosts, hostConcurrency, hostMemoryMb, hostMaxRuns } = project.snapshot.daemon;
      const opened = await openHostPool({
        root: options.root,
        services: project.snapshot.services,
        endpoints: project.endpoints,
        hosts,
        hostConcurrency,
        hostMemoryMb,
        hostMaxRuns,
        clock: options.clock,
        events,
        keyValues: options.backend.keyValues,
        invoke: (service, payload, from) => invokeFor(options.engine(), service, payload, from),
        redact: options.redact,
      });
      pool = opened;
      endpoints.clear();
      for (const [name, endpoint] of project.endpoints) endpoints.set(name, endpoint);
      executor.replacePool(opened);
    },
  };
}

function executorEvents({ engine, redact, telemetry, onLogged }: ExecutorsOptions): ExecutorEvents {
  return {
    ended: (ends) => engine().dispatcher.settle(ends),
    logged(id, lines) {
      const clean = lines.map((line) => ({ ...line, text: redact(line.text) }));
      engine().journal.write([{ kind: 'log', id, lines: clean }]);
      onLogged?.(id, clean);
    },
    hostStarted: ({ name, pid }) => telemetry?.emit({ kind: 'host-started', host: name, pid }),
    hostDied: ({ name, pid }, reason, runs) =>
      telemetry?.emit({ kind: 'host-died', host: name, pid, reason, runs }),
    roomAgain: () => engine().dispatcher.pump(),
  };
}

/** `this.invoke` of a service: a run of its own in the ledger, whose result the caller waits for. */
async function invokeFor(
  engine: Engine,
  service: string,
  payload: string,
  from: { run: string; wait: boolean },
): Promise<string | undefined> {
  const request: Request = {
    trigger: 'service',
    actor: from.run,
    payload: JSON.parse(payload) as JsonValue,
  };
  if (!from.wait) return JSON.stringify((await engine.invoke(service, request)).id);
  const takeBackPlace = engine.dispatcher.lendPlace(from.run);
  const ended = await endOf(engine, service, request).finally(takeBackPlace);
  if (ended.state === 'succeeded') return ended.result;
  const why = ended.error?.message ?? ended.reason ?? ended.state;
  throw new JobsdError('JOBSD_SERVICE_FAILED', `"${service}" ${ended.state}: ${why}`);
}

async function endOf(engine: Engine, service: string, request: Request): Promise<RunRecord> {
  const { id } = await engine.invoke(service, request);
  return engine.waitForEnd(id, longestInvokeMs);
}

// The run has its own timeout; this only keeps a timer within what timers can hold.
const longestInvokeMs = 2 ** 31 - 1;
