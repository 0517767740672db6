import type { Lane } from './waiting-runs.ts';

/** What has been measured of a service's runs; costs in milliseconds. */
interface Profile {
  durationMs: number;
  blockedMs: number;
  /** The longest recent block. */
  worstMs: number;
  /** Runs alone in a host still needed before it may share one again; 0 for a good neighbour. */
  probation: number;
}

// A service that kept a host from answering has one to itself until so many runs did not.
const probationOfCulprit = 10;
// One that was merely in the same host when it stood still is cleared by its first good run.
const probationOfSuspect = 1;

const decay = 0.9;

/** What the next run of a service is expected to need. */
export interface RunEstimate {
  /** How long it keeps those behind it in a line waiting, on average: what a line adds up. */
  readonly costMs: number;
  /** The same at worst, by what it did recently: one of a line may take so long. */
  readonly worstMs: number;
  /** Over so soon that others may be lined up behind it. */
  readonly isShort: boolean;
  readonly isUnknown?: true;
}

const shortRunMs = 2;
const unknown: RunEstimate = { costMs: 1000, worstMs: 1000, isShort: false, isUnknown: true };

/**
 * How the services of this pool behave, measured run by run: short ones are handed over in
 * batches, long ones singly, and those that keep the thread to themselves get a host of their own.
 */
export class ServiceProfiles {
  readonly #profiles = new Map<string, Profile>();

  estimate(service: string): RunEstimate {
    const profile = this.#profiles.get(service);
    if (profile === undefined) return unknown;
    const isShort = profile.durationMs <= shortRunMs;
    // What follows a short run waits for its end, what follows another only for its first pause.
    const costMs = isShort ? Math.max(profile.blockedMs, profile.durationMs) : profile.blockedMs;
    return { costMs, worstMs: Math.max(profile.worstMs, costMs), isShort };
  }

  /** Whether a run of it has ended, so that it is known to let go of a thread. */
  isKnown(service: string): boolean {
    return this.#profiles.has(service);
  }

  lane(service: string): Lane {
    if (this.needsOwnHost(service)) return 'own';
    return this.isKnown(service) ? 'known' : 'untried';
  }

  needsOwnHost(service: string): boolean {
    return (this.#profiles.get(service)?.probation ?? 0) > 0;
  }

  /** Services that have ended a run: whose modules a new host loads before it takes work. */
  known(): readonly string[] {
    return [...this.#profiles.keys()];
  }

  /** What the host says of a run: as `durationMs` and `blockedMs` of the protocol's `e`. */
  measured(service: string, durationMs: number, blockedMs: number): void {
    const profile = this.#of(service, durationMs, blockedMs);
    profile.durationMs = profile.durationMs * decay + durationMs * (1 - decay);
    profile.blockedMs = profile.blockedMs * decay + blockedMs * (1 - decay);
    profile.worstMs = Math.max(blockedMs, profile.worstMs * decay);
    if (profile.probation > 0) profile.probation -= 1;
  }

  /** It kept a host from answering. */
  blamed(service: string): void {
    this.#of(service, unknown.worstMs, unknown.worstMs).probation = probationOfCulprit;
  }

  /** It was in a host that did not answer, and may be the reason. */
  suspected(service: string): void {
    const profile = this.#of(service, unknown.worstMs, unknown.worstMs);
    profile.probation = Math.max(profile.probation, probationOfSuspect);
  }

  #of(service: string, durationMs: number, blockedMs: number): Profile {
    const known = this.#profiles.get(service);
    if (known !== undefined) return known;
    const made = { durationMs, blockedMs, worstMs: blockedMs, probation: 0 };
    this.#profiles.set(service, made);
    return made;
  }
}
