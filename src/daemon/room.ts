import type { Clock, Milliseconds } from '../clock/clock.ts';
import type { Occupancy } from '../dispatch/occupancy.ts';
import type { Ticket } from '../dispatch/ticket.ts';
import type { Executor } from '../host/executor.ts';

export interface RoomOptions {
  readonly clock: Clock;
  readonly occupancy: Occupancy;
  readonly executor: Executor;
}

/** Whether an attempt can start now: by the limits that are declared, and by what carries it out. */
export class Room {
  private readonly options: RoomOptions;

  constructor(options: RoomOptions) {
    this.options = options;
  }

  readonly isFor = (service: string): boolean => {
    const { occupancy, executor } = this.options;
    return !occupancy.serviceIsFull(service) && executor.hasRoom(service);
  };

  /** 0 when it may start now, a time when its rate asks for that much, Infinity until another run ends. */
  waitMs(ticket: Ticket): Milliseconds {
    const { clock, occupancy, executor } = this.options;
    if (!executor.hasRoom(ticket.definition.service)) return Number.POSITIVE_INFINITY;
    const obstacle = occupancy.obstacle(ticket, clock.now());
    if (!obstacle) return 0;
    return obstacle.kind === 'rate' ? obstacle.waitMs : Number.POSITIVE_INFINITY;
  }
}
