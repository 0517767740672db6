import type { Telemetry } from './events.ts';

/** Tells each of them everything, in this order. */
export function toAll(...sinks: readonly Telemetry[]): Telemetry {
  return {
    emit(event) {
      for (const sink of sinks) sink.emit(event);
    },
  };
}
