import type { Instant, Milliseconds } from '../clock/clock.ts';
import type { LogLine, RunError, RunId } from '../dispatch/run.ts';

/** Who asked, as a service may see it. */
export type ChannelKind = 'scheduler' | 'cli' | 'api' | 'service' | 'rest' | 'websocket' | 'amqp';

/** What a service sees of the job that runs it (`this.job`); absent when no job does. */
export interface JobContext {
  readonly name: string;
  readonly type: 'one-time' | 'interval' | 'cron' | 'manual';
  readonly nominalAt?: Instant;
  readonly attempt: number;
  /**
   * How many occurrences the schedule has produced, this one included: the same for every attempt.
   * 0 when no schedule asked for the run.
   */
  readonly runNumber: number;
}

/** One attempt to be executed. */
export interface RunRequest {
  readonly id: RunId;
  readonly attempt: number;
  readonly service: string;
  /** JSON text, handed to the service as its payload. */
  readonly payload?: string;
  readonly cid: string;
  readonly channel: ChannelKind;
  readonly job?: JobContext;
  readonly timeoutMs: Milliseconds;
  readonly graceMs: Milliseconds;
}

/** How an attempt ended. Exactly one per accepted request, whatever the user's code does. */
export interface RunEnd {
  readonly id: RunId;
  readonly attempt: number;
  readonly outcome: 'succeeded' | 'failed' | 'timed-out' | 'cancelled' | 'lost';
  /** JSON text of what `handle` returned, cut to its bound. */
  readonly result?: string;
  readonly error?: RunError;
  /** Set by a service that knows a retry is pointless, or when one makes sense. */
  readonly retry?: { readonly never?: boolean; readonly afterMs?: Milliseconds };
}

export interface HostFacts {
  readonly name: string;
  readonly pid: number;
}

export interface ExecutorEvents {
  /** Ends that came in one turn of the event loop, in one call. */
  ended(ends: readonly RunEnd[]): void;
  logged(id: RunId, lines: readonly LogLine[]): void;
  /** A host is ready for runs. */
  hostStarted?(host: HostFacts): void;
  /** A host has ended, and not because it was asked to; `runs` went with it. */
  hostDied?(host: HostFacts, reason: string, runs: readonly RunId[]): void;
  /** There is room again after `hasRoom` said no. */
  roomAgain(): void;
}

/** What carries out attempts: the pool of service hosts, the built-ins inline, or the simulation. */
export interface Executor {
  /** Whether one more attempt of this service can be started now. */
  hasRoom(service: string): boolean;
  /** Never throws: what cannot start ends as `failed`. Returns the name of the host it went to. */
  start(request: RunRequest): string;
  /** Asks a running attempt to end: signal, grace, kill. It ends as `cancelled`. */
  cancel(id: RunId, reason: string): void;
  /** Waits for running attempts, at most `timeoutMs`; kills the rest, which end as `lost`. */
  close(timeoutMs: Milliseconds): Promise<void>;
}
