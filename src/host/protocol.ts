import type { ChannelKind, JobContext } from './executor.ts';

/**
 * What the pool and a host say to each other: one JSON array per line. Two channels: on the data
 * channel (fd 3) the host's main thread talks, on the control channel (fd 4) its watchdog thread,
 * which answers even while the main thread is stuck in a service.
 */
export const dataFd = 3;
export const controlFd = 4;

/** A host that sends a longer line is not speaking this protocol any more, and is ended. */
export const maxLineLength = 16 * 1024 * 1024;

/** What a host needs before its first run. */
export interface HostSetup {
  readonly root: string;
  readonly concurrency: number;
  readonly services: readonly ServiceEntry[];
  readonly endpoints: readonly EndpointEntry[];
  /** Services whose modules are loaded before the host says it is ready. */
  readonly warm: readonly string[];
}

export interface ServiceEntry {
  readonly name: string;
  readonly module: string;
  readonly export: string;
  readonly input?: unknown;
  readonly endpoints?: readonly string[];
}

export interface EndpointEntry {
  readonly name: string;
  readonly type: string;
  readonly settings: { readonly [key: string]: unknown };
}

export type EndingOutcome = 'timed-out' | 'cancelled';

/** Pool to main thread. Hand-overs (`s`) are begun strictly in the order of `seq`. */
export type PoolMessage =
  | readonly ['init', HostSetup]
  | readonly [
      's',
      seq: number,
      id: string,
      attempt: number,
      service: string,
      payload: string | null,
      cid: string,
      channel: ChannelKind,
      job: JobContext | null,
    ]
  | readonly ['a', seq: number, reason: string]
  | readonly ['r', call: number, ok: boolean, value: unknown]
  /** The gate may open again: all hand-overs up to `base` have been given to other hosts. */
  | readonly ['o', base: number]
  /** A service is known to work: its module may be loaded ahead. */
  | readonly ['w', service: string]
  | readonly ['p']
  | readonly ['x'];

export interface WireError {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly stack?: string;
}

export interface WireRetry {
  readonly never?: boolean;
  readonly afterMs?: number;
}

/** Something a service asks the daemon for. */
export type HostCall =
  | readonly ['kv-get', key: string]
  | readonly ['kv-set', key: string, value: string, ttlMs: number | null]
  | readonly ['kv-delete', key: string]
  | readonly ['kv-keys', prefix: string, limit: number]
  | readonly ['kv-increment', key: string, by: number]
  | readonly ['invoke', service: string, payload: string, wait: boolean];

/** Main thread to pool. */
export type HostMessage =
  | readonly ['ready']
  /** Every hand-over up to `seq` has begun. */
  | readonly ['b', seq: number]
  | readonly [
      'e',
      seq: number,
      outcome: 'succeeded' | 'failed' | 'cancelled',
      /** Begin to end; of runs that began and ended in one turn each has its share of that time. */
      durationMs: number,
      /** The longest time in which its code let nothing else of the host move. */
      blockedMs: number,
      result: string | null,
      error: WireError | null,
      retry: WireRetry | null,
    ]
  | readonly ['l', id: string, at: number, level: 'debug' | 'info' | 'warn' | 'error', text: string]
  | readonly ['c', call: number, seq: number, request: HostCall]
  | readonly ['o']
  | readonly ['p']
  /** A service changed what all services of this host share; the host should be replaced. */
  | readonly ['t', reason: string];

/** Pool to watchdog: how are you; begin nothing more. */
export type ControlRequest = 'p' | 'r';

/** As `current`: a module is being loaded, which nobody is to be blamed for. */
export const loadingModule = -1;

/** Watchdog to pool. `current` is the hand-over whose first synchronous part is being executed, or 0. */
export type ControlMessage =
  | readonly ['p', rssBytes: number, lastBegun: number, current: number]
  | readonly ['r', lastBegun: number, current: number];
