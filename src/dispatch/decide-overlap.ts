import type { OverlapPolicy } from '../config/snapshot.ts';

/** How many runs of the job are under way (between attempts included), and how many wait. */
export interface JobSituation {
  readonly active: number;
  readonly waiting: number;
}

export type OverlapDecision =
  | { readonly kind: 'start' }
  | { readonly kind: 'wait' }
  | { readonly kind: 'skip'; readonly reason: 'overlap' }
  /** Waits, and those that waited before it are skipped. */
  | { readonly kind: 'wait-instead' }
  /** Those under way are cancelled; it waits until they have ended. */
  | { readonly kind: 'replace' };

/**
 * What the overlap policy says to one more run of a job, at the moment it would start. Whether it may
 * wait where it says so, or has to, is for the `Backlog` to say.
 */
export function decideOverlap(policy: OverlapPolicy, situation: JobSituation): OverlapDecision {
  if (policy === 'allow') return { kind: 'start' };
  if (situation.active === 0 && situation.waiting === 0) return { kind: 'start' };
  switch (policy) {
    case 'skip':
      return { kind: 'skip', reason: 'overlap' };
    case 'queue':
      return { kind: 'wait' };
    case 'queue-latest':
      return { kind: 'wait-instead' };
    case 'replace':
      return { kind: 'replace' };
    default:
      return policy satisfies never;
  }
}

/** Whether any number of runs of the job may wait. By the other policies one waits at most. */
export const waitsInLine = (policy: OverlapPolicy) => policy === 'allow' || policy === 'queue';
