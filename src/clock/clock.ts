/** Milliseconds since 1970-01-01T00:00:00Z. An instant, never a wall-clock reading of a zone. */
export type Instant = number;

/** A length of time in milliseconds. */
export type Milliseconds = number;

/** Stops a timer that has not gone off yet; does nothing afterwards. */
export type CancelTimer = () => void;

/**
 * The only way the program learns what time it is. The real one is made once in the composition
 * root; the simulation passes its own.
 */
export interface Clock {
  /** Wall time. May jump either way: for fire times and records. */
  now(): Instant;
  /** Never goes back; its origin means nothing: for durations. */
  monotonic(): Milliseconds;
  /** Calls back once, `delayMs` of monotonic time from now (0 … 2^31-1) or a little later. */
  after(delayMs: Milliseconds, callback: () => void): CancelTimer;
}
