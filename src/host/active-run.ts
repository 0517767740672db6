import type { CancelTimer, Milliseconds } from '../clock/clock.ts';
import type { RunRequest } from './executor.ts';
import type { Host } from './host.ts';
import type { EndingOutcome } from './protocol.ts';
import type { RunEstimate } from './service-profiles.ts';

/** Why a run is being ended before its time. The outcome stands, whatever the service still returns. */
export interface Ending {
  readonly outcome: EndingOutcome;
  readonly reason: string;
}

/** One attempt the pool has accepted and not reported the end of. */
export interface ActiveRun {
  readonly request: RunRequest;
  /** Monotonic. */
  readonly acceptedAt: Milliseconds;
  /** Absent while it waits for a host. */
  seat: Seat | undefined;
  ending: Ending | undefined;
  /** Its timeout, then its grace. */
  cancelTimer: CancelTimer | undefined;
  /** Waiting in `invoke`: it takes no room then, or two services calling each other could stop all. */
  openInvokes: number;
  /** How often a host got stuck before it began the run. */
  moves: number;
}

/** A run's place in a host. */
export interface Seat {
  readonly seq: number;
  readonly host: Host;
  readonly estimate: RunEstimate;
}

export function activeRun(request: RunRequest, acceptedAt: Milliseconds): ActiveRun {
  return {
    request,
    acceptedAt,
    seat: undefined,
    ending: undefined,
    cancelTimer: undefined,
    openInvokes: 0,
    moves: 0,
  };
}
