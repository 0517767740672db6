import type { Instant } from '../clock/clock.ts';
import type { RunId } from './run.ts';

/**
 * The identity of an occurrence: its job and its nominal instant in basic ISO form,
 * `sync-data@20261120T170000Z`; milliseconds only where there are any. Two nodes, or two lives of
 * one daemon, give the same occurrence the same id: that is what makes "twice" impossible.
 */
export function occurrenceId(job: string, nominalAt: Instant): RunId {
  return `${job}@${basicIso(nominalAt)}`;
}

/** Identity of a run that somebody asked for. `ulid` sorts by time of asking. */
export function requestedId(name: string, kind: 'manual' | 'invoke', ulid: string): RunId {
  return `${name}@${kind}-${ulid}`;
}

// A burst asks for the same instant thousands of times in a row.
let lastInstant = Number.NaN;
let lastText = '';

function basicIso(at: Instant): string {
  if (at !== lastInstant) {
    lastText = new Date(at).toISOString().replace(/[-:]|\.000/g, '');
    lastInstant = at;
  }
  return lastText;
}
