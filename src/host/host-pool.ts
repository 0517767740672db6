import type { KeyValueStore } from '../backend/backend.ts';
import type { Clock } from '../clock/clock.ts';
import type { ServiceDefinition } from '../config/snapshot.ts';
import type { ResolvedEndpoint } from '../endpoint/endpoint-settings.ts';
import type { Executor, ExecutorEvents } from './executor.ts';
import type { InvokeService } from './host-calls.ts';
import type { HostEntry } from './host-entry.ts';
import { RunningPool } from './running-pool.ts';

export interface HostPoolOptions {
  /** The project's root: modules are below it, and hosts work in it. */
  readonly root: string;
  readonly services: ReadonlyMap<string, ServiceDefinition>;
  /** Secrets resolved. */
  readonly endpoints: ReadonlyMap<string, ResolvedEndpoint>;
  readonly hosts: number;
  /** Hosts kept ready beyond those, to step in at once; default 1. */
  readonly spareHosts?: number;
  /** Runs at once in one host. */
  readonly hostConcurrency: number;
  readonly hostMemoryMb: number;
  /** A host is replaced after this many runs. */
  readonly hostMaxRuns: number;
  readonly clock: Clock;
  readonly events: ExecutorEvents;
  readonly keyValues: KeyValueStore;
  readonly invoke: InvokeService;
  /** Takes secrets out of a text. */
  readonly redact: (text: string) => string;
  /** Where hosts keep compiled modules, so that the next one starts faster; default: nowhere. */
  readonly cacheDirectory?: string;
  /** Default: the one that belongs to this build or source. */
  readonly entry?: HostEntry;
}

export interface HostView {
  readonly name: string;
  /** 0 when it could not be started. */
  readonly pid: number;
  readonly runs: number;
}

export interface HostPool extends Executor {
  hosts(): readonly HostView[];
  /** Takes nothing new; what is under way ends in its own time, hosts as they become empty. */
  retire(): Promise<void>;
}

/** Starts the hosts; resolves when they are ready. Rejects with JOBSD_HOST_DIED when they cannot start. */
export async function openHostPool(options: HostPoolOptions): Promise<HostPool> {
  const pool = new RunningPool(options);
  try {
    await pool.opened;
  } catch (error) {
    // It would go on trying, and keep hosts that nobody uses.
    void pool.retire();
    throw error;
  }
  return pool;
}
