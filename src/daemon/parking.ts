import type { CancelTimer, Clock } from '../clock/clock.ts';
import type { Obstacle } from '../dispatch/occupancy.ts';
import type { Ticket } from '../dispatch/ticket.ts';
import type { WaitingQueue } from '../dispatch/waiting-queue.ts';

export interface ParkingOptions {
  readonly clock: Clock;
  readonly queue: WaitingQueue;
  /** The rate of a group may let one more start. */
  readonly onRate: () => void;
}

// The longest a timer can be. What has to wait longer is looked at again, and waits on.
const longestTimerMs = 2 ** 31 - 1;

/** Where tickets stand that met an obstacle, until it may be gone: nobody asks for them meanwhile. */
export class Parking {
  private readonly options: ParkingOptions;
  private readonly rateTimers = new Map<string, CancelTimer>();

  constructor(options: ParkingOptions) {
    this.options = options;
  }

  behind(obstacle: Obstacle, ticket: Ticket): void {
    const { queue, clock, onRate } = this.options;
    if (obstacle.kind === 'service') return queue.park(`service:${obstacle.service}`, ticket);
    const key = `group:${obstacle.group}`;
    queue.park(key, ticket);
    if (obstacle.kind !== 'rate' || this.rateTimers.has(key)) return;
    const cancel = clock.after(Math.min(obstacle.waitMs, longestTimerMs), () => {
      this.rateTimers.delete(key);
      queue.unpark(key);
      onRate();
    });
    this.rateTimers.set(key, cancel);
  }

  /** A run of this service and group has ended. */
  unpark(service: string, group: string | undefined): void {
    const { queue } = this.options;
    queue.unpark(`service:${service}`);
    // A group held back by its rate is let go by its timer, not by an ending run.
    if (group !== undefined && !this.rateTimers.has(`group:${group}`))
      queue.unpark(`group:${group}`);
  }

  /** Other limits are in force: what the old ones held back may start by the new ones. */
  unparkAll(): void {
    this.stop();
    this.options.queue.unparkAll();
  }

  stop(): void {
    for (const cancel of this.rateTimers.values()) cancel();
    this.rateTimers.clear();
  }
}
