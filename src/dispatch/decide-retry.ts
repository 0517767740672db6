import type { Milliseconds } from '../clock/clock.ts';
import type { RetryPolicy } from '../config/snapshot.ts';
import type { Outcome } from './run.ts';

/** How an attempt ended, and what the service had to say about trying again. */
export interface AttemptEnd {
  readonly outcome: Outcome;
  readonly attempt: number;
  /** The service said that no retry can help. */
  readonly never?: boolean;
  /** The other side named a time (`Retry-After`). */
  readonly afterMs?: Milliseconds;
}

export type RetryDecision =
  | { readonly kind: 'end' }
  | { readonly kind: 'retry'; readonly delayMs: Milliseconds };

/**
 * Lost attempts that `onLost` grants beyond `attempts`. Bounded, because a run that brings down its
 * host each time would otherwise do so for ever.
 */
export const extraAttemptsWhenLost = 2;

/**
 * Whether an attempt is followed by another, and when. `random` in [0, 1) spreads exponential
 * delays over the whole of their range ("full jitter", M. Brooker, AWS Architecture Blog, 2015).
 */
export function decideRetry(policy: RetryPolicy, end: AttemptEnd, random: number): RetryDecision {
  if (end.outcome === 'succeeded' || end.outcome === 'cancelled') return { kind: 'end' };
  if (end.never === true || end.attempt >= allowedAttempts(policy, end.outcome)) {
    return { kind: 'end' };
  }
  if (end.afterMs !== undefined) {
    // Whole, as the ledger keeps instants: a service may name any number.
    const delayMs = Math.min(Math.max(Math.ceil(end.afterMs), 0), policy.maxDelayMs);
    return { kind: 'retry', delayMs };
  }
  return { kind: 'retry', delayMs: backoffMs(policy, end.attempt, random) };
}

function allowedAttempts(policy: RetryPolicy, outcome: Outcome): number {
  if (outcome !== 'lost' || !policy.onLost) return policy.attempts;
  return policy.attempts + extraAttemptsWhenLost;
}

function backoffMs(policy: RetryPolicy, attempt: number, random: number): Milliseconds {
  if (policy.backoff === 'constant') return Math.min(policy.delayMs, policy.maxDelayMs);
  const ceiling = Math.min(policy.delayMs * 2 ** (attempt - 1), policy.maxDelayMs);
  return Math.round(ceiling * random);
}
