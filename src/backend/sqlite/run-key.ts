import type { RunId } from '../../dispatch/run.ts';

/**
 * A run id taken apart for the identity index: who, and which of its runs. The index is ordered by
 * `slot` first, so that what is recorded at one time lies side by side however many jobs there are;
 * ordered by the id itself every job would dirty a page of its own in each commit.
 */
export interface RunKey {
  /** The text before the last `@`, or '' when there is none. */
  readonly owner: string;
  /** The digits of `20261120T170000Z` as a number; anything else as text behind a colon. */
  readonly slot: number | string;
}

const instantLength = 16;

/** `likelyOwner` saves a copy of the name, and hashing it, where it is the owner. */
export function splitRunId(id: RunId, likelyOwner?: string): RunKey {
  const at = id.lastIndexOf('@');
  const suffix = id.slice(at + 1);
  return {
    owner: ownerOf(id, at, likelyOwner),
    // The colon keeps SQLite from reading a text of digits as a number, and tells `@x` from `x`.
    slot: (at === -1 ? undefined : instantDigits(suffix)) ?? `${at === -1 ? ';' : ':'}${suffix}`,
  };
}

export function joinRunId({ owner, slot }: RunKey): RunId {
  if (typeof slot === 'string')
    return slot[0] === ';' ? slot.slice(1) : `${owner}@${slot.slice(1)}`;
  const digits = String(slot).padStart(instantLength - 2, '0');
  return `${owner}@${digits.slice(0, 8)}T${digits.slice(8)}Z`;
}

function ownerOf(id: RunId, at: number, likelyOwner: string | undefined): string {
  if (at === -1) return '';
  if (likelyOwner?.length === at && id.startsWith(likelyOwner)) return likelyOwner;
  return id.slice(0, at);
}

// A burst names one instant thousands of times in a row.
let lastSuffix = '';
let lastDigits: number | undefined;

function instantDigits(suffix: string): number | undefined {
  if (suffix === lastSuffix) return lastDigits;
  lastSuffix = suffix;
  lastDigits = readDigits(suffix);
  return lastDigits;
}

function readDigits(suffix: string): number | undefined {
  if (suffix.length !== instantLength || suffix[8] !== 'T' || suffix[15] !== 'Z') return undefined;
  let value = 0;
  for (let index = 0; index < instantLength - 1; index += 1) {
    if (index === 8) continue;
    const digit = suffix.charCodeAt(index) - 48;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  return value;
}
